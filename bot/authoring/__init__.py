"""What authors work on: questions in vain, changes to the knowledge on trial, and how it fares."""
