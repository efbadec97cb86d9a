// Sends a picture, or a drawing, to /classify and shows the answer.
'use strict';
const $ = id => document.getElementById(id);
const pad = $('pad'), brush = pad.getContext('2d');
const strokes = [];
let model = null, isDown = false, sending = null, next = null;

const percent = value => `${(100 * value).toFixed(1)} %`;

async function start() {
  model = await (await fetch('model')).json();
  const isDrawn = model.channels === 1;
  $('about').textContent =
    `${model.classes.length} classes, images of ${model.width}×${model.height} pixels, computed by ONNX Runtime.`;
  $('hint').textContent = isDrawn ? 'Draw here, or drop a picture' : 'Drop a picture here, paste one, or choose one below';
  show([]);
}

/** One request at a time; of those that come meanwhile the last. */
async function send(blob) {
  next = blob;
  if (sending) return;
  while (next) {
    const body = next;
    next = null;
    sending = ask(body);
    await sending;
  }
  sending = null;
}

async function ask(body) {
  await started;
  const begin = performance.now();
  try {
    const response = await fetch('classify', { method: 'POST', body, headers: { 'content-type': body.type || 'image/png' } });
    const answer = await response.json();
    $('problem').textContent = response.ok ? '' : answer.detail;
    show(response.ok ? answer.labels : []);
    $('time').textContent = response.ok ? `${(performance.now() - begin).toFixed(0)} ms` : '';
  } catch {
    $('problem').textContent = 'The service does not answer.';
  }
}

function show(labels) {
  const rows = labels.length > 0 ? labels.slice(0, 10) : (model?.classes ?? []).slice(0, 10).map(label => ({ label, probability: null }));
  $('best').textContent = labels[0]?.label ?? '–';
  $('best').classList.toggle('long', (labels[0]?.label ?? '').length > 6);
  $('sure').textContent = labels.length > 0 ? percent(labels[0].probability) : '';
  $('bars').style.setProperty('--label', `${Math.min(14, Math.max(1, ...rows.map(row => row.label.length)))}ch`);
  $('bars').replaceChildren(...rows.map(({ label, probability }, i) => {
    const row = document.createElement('li');
    row.className = i === 0 && probability !== null ? 'best' : '';
    row.innerHTML = '<span class="name"></span><span class="track"><span class="fill"></span></span><span class="part"></span>';
    row.querySelector('.name').textContent = row.querySelector('.name').title = label;
    row.querySelector('.part').textContent = probability === null ? '' : percent(probability);
    row.querySelector('.fill').style.width = `${100 * Math.max(0, Math.min(1, probability ?? 0))}%`;
    return row;
  }));
}

// A drawing becomes white ink on black, of the model's size, centred as MNIST's digits are where it has their size.
function drawn() {
  brush.clearRect(0, 0, pad.width, pad.height);
  brush.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue('--pen');
  Drawing.stroke(brush, strokes, ({ x, y }) => [x * pad.width, y * pad.height], Drawing.Pen * pad.width);
  $('hint').hidden = strokes.length > 0;
  if (strokes.length === 0) return;
  const { channels, height, width } = model;
  const bytes = Drawing.fromStrokes(strokes, { shape: [channels, height, width], centred: width === 28 && height === 28 });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set([bytes[i], bytes[i], bytes[i], 255], 4 * i);
  canvas.getContext('2d').putImageData(image, 0, 0);
  canvas.toBlob(send);
}

async function picture(file) {
  strokes.length = 0;
  drawn();
  send(file);
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(pad.width / image.width, pad.height / image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    $('hint').hidden = true;
    brush.drawImage(image, (pad.width - width) / 2, (pad.height - height) / 2, width, height);
  } catch {
    // the service says what is wrong with the file
  }
}

const place = event => {
  const box = pad.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
};
pad.addEventListener('pointerdown', event => {
  if (event.button !== 0 || model?.channels !== 1) return;
  pad.setPointerCapture(event.pointerId);
  isDown = true;
  strokes.push([place(event)]);
  drawn();
});
pad.addEventListener('pointermove', event => {
  if (!isDown) return;
  strokes.at(-1).push(place(event));
  drawn();
});
for (const name of ['pointerup', 'pointercancel']) {
  pad.addEventListener(name, () => {
    isDown = false;
  });
}
pad.addEventListener('click', () => {
  if (model?.channels === 3) $('file').click();
});
pad.addEventListener('keydown', event => {
  if (event.key === 'Enter') $('file').click();
});
$('choose').addEventListener('click', () => $('file').click());
$('file').addEventListener('change', event => {
  if (event.target.files.length > 0) picture(event.target.files[0]);
  event.target.value = '';
});
$('clear').addEventListener('click', () => {
  strokes.length = 0;
  $('problem').textContent = $('time').textContent = '';
  drawn();
  show([]);
});
for (const name of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, event => {
    event.preventDefault();
    pad.parentElement.classList.toggle('dragged', name === 'dragover');
    if (name === 'drop' && event.dataTransfer.files.length > 0) picture(event.dataTransfer.files[0]);
  });
}
document.addEventListener('paste', event => {
  if (event.clipboardData.files.length > 0) picture(event.clipboardData.files[0]);
});
const started = start().catch(() => {
  $('problem').textContent = 'The service does not answer.';
});
