SET LOCAL client_min_messages = warning;
DO $clear$
DECLARE
  one record;
BEGIN
  -- Schemas of which nothing belongs to an extension, whole.
  FOR one IN
    SELECT n.oid::regnamespace AS name FROM pg_namespace n
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
      AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP SCHEMA %s CASCADE', one.name);
  END LOOP;
  -- In the others, and in the database itself, one by one what belongs to no extension and to nothing else.
  FOR one IN
    SELECT CASE i.type WHEN 'composite type' THEN 'type' WHEN 'statistics object' THEN 'statistics'
        WHEN 'foreign-data wrapper' THEN 'foreign data wrapper' ELSE i.type END AS type, i.identity
    FROM (
        SELECT classid, objid FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid
          WHERE d.refclassid = 'pg_namespace'::regclass AND d.deptype = 'n' AND d.objsubid = 0
            AND d.classid <> 'pg_extension'::regclass
            AND nspname !~ '^pg_' AND nspname <> 'information_schema'
        UNION SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
        UNION SELECT 'pg_publication'::regclass, oid FROM pg_publication
        UNION SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
        UNION SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
        UNION SELECT 'pg_cast'::regclass, oid FROM pg_cast
        UNION SELECT 'pg_transform'::regclass, oid FROM pg_transform
        UNION SELECT 'pg_language'::regclass, oid FROM pg_language
        UNION SELECT 'pg_am'::regclass, oid FROM pg_am) o
      CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, 0) i
    WHERE o.objid >= 16384 AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype IN ('e', 'i'))
    ORDER BY i.type = 'table' DESC, o.objid DESC
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE', one.type, one.identity);
  END LOOP;
  PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
  -- Rows that were added to an extension's tables are part of a dump.
  FOR one IN
    SELECT t.member::regclass AS name, t.own FROM pg_extension,
      unnest(extconfig, extcondition) WITH ORDINALITY AS t (member, own, number)
      JOIN pg_class c ON c.oid = t.member
    WHERE c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'DELETE')
    ORDER BY number DESC
  LOOP
    EXECUTE format('DELETE FROM %s %s', one.name, one.own);
  END LOOP;
END
$clear$;
