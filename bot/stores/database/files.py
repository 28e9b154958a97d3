"""File ids in the database."""

from sqlalchemy import select

from bot.stores.database.engine import Database
from bot.stores.database.tables import file_ids


class DatabaseFileIdStore:
    """A FileIdStore that all processes share."""

    def __init__(self, database: Database) -> None:
        """Keep file ids in `database`."""
        self._database = database

    async def get(self, figure: str, digest: str) -> str:
        """Return the file id of `figure` with this content hash; empty if it wasn't sent yet."""
        same = (file_ids.c.figure == figure, file_ids.c.digest == digest)
        query = select(file_ids.c.file_id).where(*same)
        return await self._database.read(lambda connection: connection.scalar(query)) or ""

    async def keep(self, figure: str, digest: str, file_id: str) -> None:
        """Keep the file id; it replaces those of other contents of `figure`."""
        kept = {"digest": digest, "file_id": file_id}
        upsert = self._database.upsert(file_ids, *kept).values(figure=figure, **kept)
        await self._database.write(lambda connection: connection.execute(upsert))
