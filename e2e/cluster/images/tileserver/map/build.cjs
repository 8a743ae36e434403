// Cuts Natural Earth's countries into vector tiles, zoom 0 to 4: build.cjs OUT.mbtiles
const { writeFileSync } = require('node:fs');
const { gzipSync } = require('node:zlib');
const { default: geojsonvt } = require('geojson-vt');
const initSqlJs = require('sql.js');
const topojson = require('topojson-client');
const vtpbf = require('vt-pbf');
const world = require('world-atlas/countries-110m.json');

const MAX_ZOOM = 4;
const countries = topojson.feature(world, world.objects.countries);
const index = geojsonvt(countries, { maxZoom: MAX_ZOOM, indexMaxZoom: MAX_ZOOM, indexMaxPoints: 0 });

const metadata = {
  name: 'countries',
  format: 'pbf',
  type: 'overlay',
  version: '1',
  description: 'Countries of the world',
  attribution: 'Natural Earth',
  bounds: '-180,-85.0511,180,85.0511',
  center: '0,20,1',
  minzoom: '0',
  maxzoom: String(MAX_ZOOM),
  json: JSON.stringify({
    vector_layers: [{ id: 'countries', fields: { name: 'String' }, minzoom: 0, maxzoom: MAX_ZOOM }],
  }),
};

initSqlJs().then((SQL) => {
  const db = new SQL.Database();
  db.run('CREATE TABLE metadata (name TEXT, value TEXT)');
  db.run('CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)');
  db.run('CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)');
  for (const row of Object.entries(metadata)) db.run('INSERT INTO metadata VALUES (?, ?)', row);
  for (const { z, x, y } of index.tileCoords) {
    const layers = { countries: index.getTile(z, x, y) };
    const tile = gzipSync(vtpbf.fromGeojsonVt(layers, { version: 2 }));
    // MBTiles counts rows from the south.
    db.run('INSERT INTO tiles VALUES (?, ?, ?, ?)', [z, x, 2 ** z - 1 - y, tile]);
  }
  writeFileSync(process.argv[2], db.export());
});
