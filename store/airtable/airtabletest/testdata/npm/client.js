// Drives the server with the published npm client and says what it saw, one JSON
// object on standard output. Called by npm_test.go.
'use strict';
const Airtable = require('airtable');

const base = new Airtable({ noRetryIfRateLimited: true }).base(process.env.AIRTABLE_BASE_ID);
const reservas = base('Reservas');

async function refused(what) {
  try {
    await what();
    return 'no error';
  } catch (e) {
    return { error: e.error, message: e.message, statusCode: e.statusCode };
  }
}

async function main() {
  const saw = {};
  const mesa = await base('Mesas').create({ 'ID Mesa': 'T1', Capacidad: 4, Disponible: true });
  const one = await reservas.create({ 'ID Reserva': 'r-00', 'Nombre del Cliente': "Íñigo O'Brien \\", Mesa: [mesa.id] });
  saw.createdOne = one.get('Nombre del Cliente');
  saw.idShape = /^rec[0-9A-Za-z]{14}$/.test(one.id);

  const many = [];
  for (let batch = 0; batch < 3; batch++) {
    const records = [];
    for (let i = 0; i < 10; i++) {
      const n = batch * 10 + i + 1;
      records.push({ fields: {
        'ID Reserva': 'r-' + String(n).padStart(2, '0'),
        'Fecha de Reserva': n % 2 ? '2026-12-24' : '2026-12-25',
        Hora: '2026-12-24T20:00:00.000Z', 'Cantidad de Personas': n, Estado: 'Confirmada',
      } });
    }
    many.push(...(await reservas.create(records)));
  }
  saw.createdMany = many.length;

  const pages = [];
  await reservas.select({ pageSize: 10, sort: [{ field: 'ID Reserva', direction: 'desc' }] })
    .eachPage((records, next) => { pages.push(records.length); next(); });
  saw.pages = pages;

  const found = await reservas.select({
    fields: ['ID Reserva', 'Cantidad de Personas'],
    filterByFormula: "AND(IS_SAME({Fecha de Reserva}, '2026-12-24', 'day'), {Cantidad de Personas} > 25)",
    sort: [{ field: 'Cantidad de Personas' }], maxRecords: 2,
  }).all();
  saw.found = found.map(r => r.fields);
  saw.byQuote = (await reservas.select({
    filterByFormula: "{Nombre del Cliente}='Íñigo O\\'Brien \\\\'",
  }).firstPage()).map(r => r.get('ID Reserva'));
  saw.byLink = (await reservas.select({ filterByFormula: "{Mesa}='T1'" }).firstPage()).map(r => r.get('ID Reserva'));
  // Past 15,000 characters of URL the client goes to POST …/listRecords by itself.
  const long = 'OR(' + Array.from({ length: 700 }, (_, i) => `{ID Reserva}='r-${String(i % 40).padStart(2, '0')}'`).join(',') + ')';
  saw.long = (await reservas.select({ filterByFormula: long }).all()).length;
  saw.asText = (await reservas.select({
    cellFormat: 'string', timeZone: 'Europe/Madrid', userLocale: 'es', filterByFormula: "{ID Reserva}='r-01'", fields: ['Hora'],
  }).firstPage()).map(r => r.fields);

  saw.longAsText = (await reservas.select({
    cellFormat: 'string', timeZone: 'Europe/Madrid', userLocale: 'es', filterByFormula: long, fields: ['Hora'],
  }).all()).length;

  const updated = await reservas.update([{ id: many[0].id, fields: { Estado: 'Cancelada' } }]);
  saw.updated = [updated[0].get('Estado'), updated[0].get('Cantidad de Personas')];
  const replaced = await reservas.replace(many[1].id, { 'ID Reserva': 'r-02' });
  saw.replaced = Object.keys(replaced.fields);

  const merge = { performUpsert: { fieldsToMergeOn: ['ID Reserva'] } };
  const upserted = await reservas.update([
    { fields: { 'ID Reserva': 'r-03', Estado: 'Sentada' } },
    { fields: { 'ID Reserva': 'nueva', Estado: 'Pre-reserva' } },
  ], merge);
  saw.upserted = [upserted[0].id === many[2].id, upserted[1].get('Estado'), upserted.length];
  await reservas.create({ 'ID Reserva': 'nueva' });
  saw.ambiguous = await refused(() => reservas.update([{ fields: { 'ID Reserva': 'nueva' } }], merge));

  saw.destroyedOne = (await reservas.destroy(many[3].id)).id === many[3].id;
  saw.destroyedMany = (await reservas.destroy([many[4].id, many[5].id])).length;
  saw.left = (await reservas.select().all()).length;
  saw.foundOne = (await reservas.find(many[6].id)).get('ID Reserva');

  saw.errors = {
    gone: await refused(() => reservas.find(many[3].id)),
    malformed: await refused(() => reservas.find('nothing')),
    field: await refused(() => reservas.create({ Nope: 1 })),
    choice: await refused(() => reservas.create({ Estado: 'Quizá' })),
    value: await refused(() => reservas.create({ 'Cantidad de Personas': 'cuatro' })),
    formula: await refused(() => reservas.select({ filterByFormula: 'AND(' }).all()),
    table: await refused(() => base('Nope').select().all()),
    eleven: await refused(() => reservas.create(Array.from({ length: 11 }, () => ({ fields: {} })))),
    token: await refused(() => new Airtable({ apiKey: 'patWrong' }).base(process.env.AIRTABLE_BASE_ID)('Reservas').find(one.id)),
  };
  saw.typecast = (await reservas.create({ Estado: 'Quizá' }, { typecast: true })).get('Estado');
  console.log(JSON.stringify(saw));
}

main().catch(e => { console.error(e); process.exit(1); });
