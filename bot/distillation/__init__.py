"""The program that makes encoder.npz, and tunes it. Nothing at run time imports this room."""
