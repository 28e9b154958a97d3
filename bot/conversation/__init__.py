"""From a question and a session to a reply: the one use case that every channel calls."""
