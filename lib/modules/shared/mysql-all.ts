import type { SqlServer } from '../../module.ts';
import type { GrantObject } from './mysql-grants.ts';

const TABLE = 'SELECT INSERT UPDATE DELETE CREATE DROP REFERENCES INDEX ALTER CREATE_VIEW SHOW_VIEW TRIGGER';
const DATABASE = `${TABLE} CREATE_TEMPORARY_TABLES LOCK_TABLES EXECUTE CREATE_ROUTINE ALTER_ROUTINE EVENT`;
const ROUTINE = 'EXECUTE ALTER_ROUTINE';

/** What ALL means on an object; `known` are the server's privileges (SHOW PRIVILEGES), asked for a global one only. */
export function allPrivileges(object: GrantObject, server: SqlServer, known: ReadonlySet<string>): ReadonlySet<string> {
  if (object.database === '*') return new Set([...known].filter(p => p !== 'USAGE' && p !== 'PROXY' && p !== 'GRANT'));
  const words = object.kind !== 'TABLE' ? ROUTINE : object.name === '*' ? DATABASE : TABLE;
  const all = new Set(words.split(' ').map(w => w.replaceAll('_', ' ')));
  if (server.kind !== 'mariadb') return all;
  if (object.kind === 'TABLE' && server.version >= 100304) all.add('DELETE HISTORY');
  if ((object.kind !== 'TABLE' || object.name === '*') && server.version >= 110301) all.add('SHOW CREATE ROUTINE');
  return all;
}
