"""File ids in memory."""

from bot.stores.memory.tables import Tables


class MemoryFileIdStore:
    """A FileIdStore that forgets when the process ends."""

    def __init__(self, tables: Tables) -> None:
        """Keep file ids in `tables`."""
        self._files = tables.files

    async def get(self, figure: str, digest: str) -> str:
        """Return the file id of `figure` with this content hash, or nothing."""
        kept, file_id = self._files.get(figure, ("", ""))
        return file_id if kept == digest else ""

    async def keep(self, figure: str, digest: str, file_id: str) -> None:
        """Keep the file id; it replaces those of other contents of `figure`."""
        self._files[figure] = (digest, file_id)
