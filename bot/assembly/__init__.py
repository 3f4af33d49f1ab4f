"""The back room of main: settings, database and doors put together. Nobody but main comes here."""
