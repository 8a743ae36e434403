// Draws a chequered board as raster tiles, zoom 0 to 3: raster.cjs OUT.mbtiles
const { writeFileSync } = require('node:fs');
const initSqlJs = require('sql.js');
const { PNG } = require('pngjs');

const MAX_ZOOM = 3;
const SIZE = 256;
const metadata = { name: 'board', format: 'png', type: 'baselayer', version: '1', bounds: '-180,-85.0511,180,85.0511', minzoom: '0', maxzoom: String(MAX_ZOOM) };

function tile(dark) {
  const png = new PNG({ width: SIZE, height: SIZE, colorType: 2 });
  for (let i = 0; i < SIZE * SIZE; i += 1) png.data.set(dark ? [70, 110, 150, 255] : [225, 235, 240, 255], i * 4);
  return PNG.sync.write(png);
}

const colours = [tile(false), tile(true)];
initSqlJs().then((SQL) => {
  const db = new SQL.Database();
  db.run('CREATE TABLE metadata (name TEXT, value TEXT)');
  db.run('CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)');
  db.run('CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)');
  for (const row of Object.entries(metadata)) db.run('INSERT INTO metadata VALUES (?, ?)', row);
  for (let z = 0; z <= MAX_ZOOM; z += 1) {
    for (let x = 0; x < 2 ** z; x += 1) {
      for (let y = 0; y < 2 ** z; y += 1) db.run('INSERT INTO tiles VALUES (?, ?, ?, ?)', [z, x, y, colours[(x + y) % 2]]);
    }
  }
  writeFileSync(process.argv[2], db.export());
});
