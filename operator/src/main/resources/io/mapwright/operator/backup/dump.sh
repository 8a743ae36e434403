matched && database pg_dump --format=custom --file=/mapwright/database/database.pgdump
