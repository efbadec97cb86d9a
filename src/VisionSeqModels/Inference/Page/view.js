// What the reader does and sees.
const $ = id => document.getElementById(id);
const model = JSON.parse($('model').textContent);
const weights = new Float32Array(bytesOf($('weights').textContent).buffer);
const [channels, height, width] = model.input.shape;
const pad = $('pad'), brush = pad.getContext('2d');
const state = { strokes: [], pixels: null, image: null, pen: null, isDown: false, isKeyboard: false };
let layerViews = [], isWaiting = false, spoken = 0;

function bytesOf(text) {
  const raw = atob(text.trim());
  return Uint8Array.from(raw, letter => letter.charCodeAt(0));
}

// Colours. Zero is the card's ground, so that a quiet layer looks quiet.
const stops = {
  light: [[122, 52, 0], [233, 150, 82], [247, 246, 243], [96, 155, 222], [8, 48, 107]],
  dark: [[255, 226, 196], [207, 116, 45], [35, 39, 45], [62, 128, 200], [214, 234, 255]],
};
const darkness = matchMedia('(prefers-color-scheme: dark)');
const palette = () => stops[darkness.matches ? 'dark' : 'light'];

/** A value −1..1 as red, green, blue. */
function colour(value, colours) {
  const place = (Math.max(-1, Math.min(1, value)) + 1) * 2, from = Math.min(3, Math.floor(place)), part = place - from;
  return colours[from].map((channel, i) => channel + (colours[from + 1][i] - channel) * part);
}

function paint(canvas, columns, rows, values, limit, colours) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext('2d'), image = context.createImageData(columns, rows);
  for (let i = 0; i < values.length; i++) {
    const [red, green, blue] = colour(limit > 0 ? values[i] / limit : 0, colours);
    image.data.set([red, green, blue, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

function paintPixels(canvas, pixels) {
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d'), image = context.createImageData(width, height), size = width * height;
  for (let i = 0; i < size; i++) {
    const at = c => pixels[Math.min(c, channels - 1) * size + i];
    image.data.set([at(0), at(1), at(2), 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

// The pad.
function drawPad() {
  const style = getComputedStyle(document.documentElement), side = pad.width;
  brush.clearRect(0, 0, side, pad.height);
  if (state.image) {
    const copy = document.createElement('canvas');
    paintPixels(copy, state.pixels);
    brush.imageSmoothingEnabled = false;
    brush.drawImage(copy, 0, 0, side, pad.height);
  }
  brush.strokeStyle = style.getPropertyValue('--pen');
  Drawing.stroke(brush, state.strokes, ({ x, y }) => [x * side, y * pad.height], Drawing.Pen * side);
  if (state.pen && state.isKeyboard && document.activeElement === pad) {
    brush.strokeStyle = style.getPropertyValue('--accent');
    brush.lineWidth = 4;
    brush.beginPath();
    brush.arc(state.pen.x * side, state.pen.y * pad.height, state.isDown ? 12 : 20, 0, 2 * Math.PI);
    brush.stroke();
  }
  $('hint').hidden = state.strokes.length > 0 || state.image !== null;
  $('undo').disabled = state.strokes.length === 0;
  $('clear').disabled = !$('hint').hidden;
}

function changed() {
  drawPad();
  if (!isWaiting) {
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      show();
    });
  }
}

function place(event) {
  const box = pad.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

function begin(point) {
  if (!model.input.drawn) return;
  state.image = null;
  state.strokes.push([point]);
}

function clear() {
  Object.assign(state, { strokes: [], image: null, isDown: false });
  $('problem').textContent = '';
  changed();
}

function undo() {
  state.strokes.pop();
  state.isDown = false;
  changed();
}

pad.addEventListener('pointerdown', event => {
  if (event.button !== 0 || !model.input.drawn) return;
  pad.setPointerCapture(event.pointerId);
  Object.assign(state, { isDown: true, isKeyboard: false });
  begin(place(event));
  changed();
});
pad.addEventListener('pointermove', event => {
  if (!state.isDown || state.isKeyboard || state.strokes.length === 0) return;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const each of events.length > 0 ? events : [event]) state.strokes.at(-1).push(place(each));
  changed();
});
for (const name of ['pointerup', 'pointercancel']) {
  pad.addEventListener(name, () => {
    if (!state.isKeyboard) state.isDown = false;
  });
}
pad.addEventListener('keydown', event => {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === 'z' && !event.altKey) undo();
    return;
  }
  state.pen ??= { x: 0.5, y: 0.5 };
  if (steps[event.key] && model.input.drawn) {
    const [x, y] = steps[event.key], by = event.shiftKey ? 0.12 : 0.03, within = value => Math.max(0, Math.min(1, value));
    state.pen = { x: within(state.pen.x + x * by), y: within(state.pen.y + y * by) };
    if (state.isDown && state.isKeyboard) state.strokes.at(-1)?.push(state.pen);
  } else if (event.key === ' ' && model.input.drawn) {
    state.isDown = !(state.isDown && state.isKeyboard);
    if (state.isDown) begin(state.pen);
  } else if (event.key === 'Backspace') {
    undo();
  } else if (event.key === 'Delete') {
    clear();
  } else if (event.key === 'Enter' && !model.input.drawn) {
    $('file').click();
  } else {
    return;
  }
  state.isKeyboard = true;
  event.preventDefault();
  changed();
});
pad.addEventListener('focus', () => {
  if (pad.matches(':focus-visible')) state.isKeyboard = true;
  drawPad();
});
pad.addEventListener('blur', drawPad);
pad.addEventListener('click', () => {
  if (!model.input.drawn) $('file').click();
});
$('clear').addEventListener('click', clear);
$('undo').addEventListener('click', undo);
$('choose').addEventListener('click', () => $('file').click());

// Pictures.
function take(pixels) {
  Object.assign(state, { strokes: [], pixels, image: true, isDown: false });
  $('problem').textContent = '';
  changed();
}

async function read(file) {
  try {
    if (!file) throw new Error('nothing');
    take(Drawing.fromImage(await createImageBitmap(file, { imageOrientation: 'from-image' }), model.input));
  } catch {
    $('problem').textContent = 'This is no picture that the browser can read. Choose a PNG, JPEG, WebP or GIF file.';
  }
}

$('file').addEventListener('change', event => {
  if (event.target.files.length > 0) read(event.target.files[0]);
  event.target.value = '';
});
for (const name of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, event => {
    event.preventDefault();
    pad.parentElement.classList.toggle('dragged', name === 'dragover');
    if (name === 'drop') read([...event.dataTransfer.files].find(file => file.type.startsWith('image/')));
  });
}
document.addEventListener('paste', event => {
  const file = [...event.clipboardData.files].find(each => each.type.startsWith('image/'));
  if (file) read(file);
});

function addExamples() {
  $('examples').hidden = model.examples.length === 0;
  for (const example of model.examples) {
    const button = document.createElement('button'), canvas = document.createElement('canvas');
    const pixels = bytesOf(example.pixels);
    button.type = 'button';
    button.title = example.name;
    button.setAttribute('aria-label', `Example: ${example.name}`);
    paintPixels(canvas, pixels);
    button.append(canvas);
    button.addEventListener('click', () => take(pixels));
    $('examples').querySelector('.row').append(button);
  }
}

// The answer.
const percent = value => `${(100 * value).toFixed(1)} %`;
const text = value => (model.output === 'values' ? value.toPrecision(4) : percent(value));
const shown = Math.min(model.classes.length, 12);

function addBars() {
  document.querySelector('.result').classList.toggle('values', model.output === 'values');
  const longest = Math.max(...model.classes.map(name => name.length));
  $('bars').style.setProperty('--label', `${Math.min(longest, 14)}ch`);
  for (let i = 0; i < shown; i++) {
    const row = document.createElement('li');
    row.innerHTML = '<span class="name"></span>'
      + (model.output === 'values' ? '' : '<span class="track"><span class="fill"></span></span>') + '<span class="part"></span>';
    $('bars').append(row);
  }
}

function showBars(answers) {
  const order = answers ? answers.map((_, i) => i).sort((a, b) => answers[b] - answers[a]) : model.classes.map((_, i) => i);
  const rows = model.classes.length > shown ? order.slice(0, shown) : model.classes.map((_, i) => i);
  [...$('bars').children].forEach((row, i) => {
    const number = rows[i], value = answers?.[number];
    const isBest = answers !== null && (model.output === 'labels' ? value >= 0.5 : model.output === 'classes' && number === order[0]);
    row.classList.toggle('best', isBest);
    row.querySelector('.name').textContent = row.querySelector('.name').title = model.classes[number];
    row.querySelector('.part').textContent = value === undefined ? '' : text(value);
    const fill = row.querySelector('.fill');
    if (fill) fill.style.width = `${100 * (value ?? 0)}%`;
  });
  return order;
}

function showAnswer(answers) {
  const order = showBars(answers);
  let names = '–', sure = '';
  if (answers && model.output === 'labels') {
    names = order.filter(i => answers[i] >= 0.5).map(i => model.classes[i]).join(', ') || 'none';
  } else if (answers) {
    names = model.output === 'values' && answers.length > 1 ? '' : model.output === 'values' ? text(answers[0])
      : model.classes[order[0]];
    sure = model.output === 'values' ? '' : text(answers[order[0]]);
  }
  $('best').textContent = names;
  $('best').classList.toggle('long', names.length > 6);
  $('sure').textContent = sure;
  clearTimeout(spoken);
  spoken = setTimeout(() => {
    $('spoken').textContent = answers ? `${names} ${sure}` : '';
  }, 600);
}

// The layers.
const columnsOf = length => (length <= 24 ? length : Math.min(length, length > 200 ? 48 : 24));
const sizeText = shape =>
  shape.length === 3 ? `${shape[0]} maps of ${shape[1]}×${shape[2]}`
  : shape.length === 2 ? `${shape[0]} steps of ${shape[1]} units`
  : `${shape[0]} numbers`;

function addLayer({ title, shape }) {
  const layer = document.createElement('article'), maps = document.createElement('div');
  const kind = shape.length === 3 ? 'image' : shape.length === 2 ? 'steps' : 'flat';
  layer.className = `layer ${kind}${kind === 'flat' && shape[0] <= 200 ? ' half' : ''}`;
  layer.innerHTML = '<div><h3></h3><small></small></div>';
  layer.querySelector('h3').textContent = title;
  maps.className = 'maps';
  layer.append(maps);
  const canvases = Array.from({ length: kind === 'image' ? shape[0] : 1 }, (_, i) => {
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', kind === 'image' ? `${title}, map ${i + 1} of ${shape[0]}` : title);
    maps.append(canvas);
    return canvas;
  });
  $('layers').append(layer);
  return { layer, canvases, small: layer.querySelector('small') };
}

function drawLayer(view, { title, shape, data }) {
  const colours = palette();
  let limit = 0, low = Infinity, high = -Infinity, active = 0;
  for (const value of data) {
    limit = Math.max(limit, Math.abs(value));
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (value !== 0) active++;
  }
  const [rows, columns] = shape.length === 3 ? shape.slice(1) : shape.length === 2 ? shape
    : [Math.ceil(shape[0] / columnsOf(shape[0])), columnsOf(shape[0])];
  const part = shape.length === 3 ? rows * columns : data.length;
  const isWide = innerWidth >= 800, most = isWide ? 144 : 100, least = isWide ? 60 : 48;
  const cell = shape.length === 3 ? Math.max(1, Math.floor(Math.max(least, Math.min(most, 6 * columns)) / columns))
    : shape.length === 2 ? Math.max(3, Math.floor(1024 / columns)) : columns > 24 ? 10 : 14;
  view.canvases.forEach((canvas, i) => {
    paint(canvas, columns, rows, data.subarray(i * part, (i + 1) * part), limit, colours);
    canvas.style.width = `${columns * cell}px`;
    if (shape.length === 2) canvas.style.height = `${rows * Math.max(2, Math.min(9, Math.floor(280 / rows)))}px`;
    canvas.onpointermove = event => {
      const box = canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
      const row = Math.floor(((event.clientY - box.top) / box.height) * rows), value = data[i * part + row * columns + column];
      const where = shape.length === 3 ? `map ${i + 1}, row ${row + 1}, column ${column + 1}`
        : shape.length === 2 ? `step ${row + 1}, unit ${column + 1}` : `unit ${row * columns + column + 1}`;
      $('pointed').textContent = value === undefined ? '' : `${title}, ${where}: ${value.toPrecision(4)}`;
    };
    canvas.onpointerleave = () => {
      $('pointed').textContent = '';
    };
  });
  view.small.textContent = limit === 0 ? `${sizeText(shape)}, all 0`
    : `${sizeText(shape)}, ${low.toPrecision(2)} to ${high.toPrecision(2)}, ${Math.round((100 * active) / data.length)} % active`;
}

function show() {
  const isEmpty = state.strokes.length === 0 && !state.image;
  if (!state.image) state.pixels = Drawing.fromStrokes(state.strokes, model.input);
  paintPixels($('seen'), state.pixels);
  const { scores, activations } = Network.scores(model, weights, state.pixels);
  if (layerViews.length === 0) layerViews = activations.map(addLayer);
  if (isEmpty) activations.forEach(layer => layer.data.fill(0));
  layerViews.forEach((view, i) => {
    drawLayer(view, activations[i]);
    if (isEmpty) view.small.textContent = sizeText(activations[i].shape);
  });
  showAnswer(isEmpty ? null : Network.answer(model, scores));
}

function look() {
  $('scale').style.background =
    `linear-gradient(90deg, ${palette().map(([red, green, blue]) => `rgb(${red} ${green} ${blue})`).join(', ')})`;
  drawPad();
  show();
}

// For other scripts: the scores of an image, uint8, [channels, height, width].
globalThis.visionSeqModels = { scores: pixels => Network.scores(model, weights, pixels).scores, take };

pad.height = Math.round((pad.width * height) / width);
$('undo').hidden = !model.input.drawn;
darkness.addEventListener('change', look);
addEventListener('resize', changed);
addExamples();
addBars();
look();
