"""The local page. The only room that imports `starlette` and `uvicorn`."""
