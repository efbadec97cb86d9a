// From strokes or a picture to the bytes that the model takes.
const Drawing = (() => {
  const Pen = 0.085; // the pen's width as a fraction of the pad: about what MNIST's digits have
  const Fine = 10; // places of a fine grid in one of the model's pixels

  function surface(width, height) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    return canvas.getContext('2d', { willReadFrequently: true });
  }

  /** Strokes are lists of points 0..1; to(point) gives the place on the canvas. */
  function stroke(context, strokes, to, width) {
    context.lineCap = context.lineJoin = 'round';
    context.lineWidth = width;
    for (const points of strokes) {
      context.beginPath();
      points.forEach((point, i) => (i === 0 ? context.moveTo(...to(point)) : context.lineTo(...to(point))));
      if (points.length === 1) context.lineTo(...to(points[0]));
      context.stroke();
    }
  }

  /** Means of rectangles: one channel of values becomes height × width. */
  function shrink(values, fromWidth, fromHeight, left, top, boxWidth, boxHeight, width, height) {
    const result = new Float32Array(width * height);
    const stepX = boxWidth / width, stepY = boxHeight / height;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const y0 = top + row * stepY, y1 = y0 + stepY, x0 = left + column * stepX, x1 = x0 + stepX;
        let sum = 0;
        for (let y = Math.max(0, Math.floor(y0)); y < Math.min(fromHeight, y1); y++) {
          const tall = Math.min(y + 1, y1) - Math.max(y, y0);
          for (let x = Math.max(0, Math.floor(x0)); x < Math.min(fromWidth, x1); x++) {
            sum += values[y * fromWidth + x] * tall * (Math.min(x + 1, x1) - Math.max(x, x0));
          }
        }
        result[row * width + column] = sum / (stepX * stepY);
      }
    }
    return result;
  }

  const bytes = values => Uint8Array.from(values, value => Math.max(0, Math.min(255, Math.round(value))));

  /** Ink 0..255 on a fine grid. */
  function ink(strokes, width, height, to, pen) {
    const context = surface(width, height);
    context.strokeStyle = '#fff';
    stroke(context, strokes, to, pen);
    const { data } = context.getImageData(0, 0, width, height);
    return Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3]);
  }

  function boundsOf(values, width, height, least = 1) {
    const box = { left: width, right: -1, top: height, bottom: -1 };
    for (let i = 0; i < values.length; i++) {
      if (values[i] < least) continue;
      const x = i % width, y = Math.floor(i / width);
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    return box.right < 0 ? null
      : { left: box.left, top: box.top, width: box.right - box.left + 1, height: box.bottom - box.top + 1 };
  }

  function massOf(values, width) {
    let mass = 0, x = 0, y = 0;
    values.forEach((value, i) => {
      mass += value;
      x += value * ((i % width) + 0.5);
      y += value * (Math.floor(i / width) + 0.5);
    });
    return { x: x / mass, y: y / mass };
  }

  /** As MNIST was made: the ink fills a box of 20 of 28 pixels, its centre of mass lies in the middle. The pen keeps its
      width, however large the reader draws. */
  function centred(strokes, width, height) {
    const points = strokes.flat(), xs = points.map(point => point.x), ys = points.map(point => point.y);
    const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
    const fineWidth = width * Fine, fineHeight = height * Fine, pen = Pen * fineHeight;
    const room = (20 / 28) * Math.min(fineWidth, fineHeight) - pen;
    const scale = Math.min(room / Math.max(right - left, bottom - top, 0.02), 2.5 * fineHeight);
    const at = (dx, dy) => ({ x, y }) => [
      fineWidth / 2 + dx + (x - (left + right) / 2) * scale,
      fineHeight / 2 + dy + (y - (top + bottom) / 2) * scale,
    ];
    const mass = massOf(ink(strokes, fineWidth, fineHeight, at(0, 0), pen), fineWidth);
    const values = ink(strokes, fineWidth, fineHeight, at(fineWidth / 2 - mass.x, fineHeight / 2 - mass.y), pen);
    return bytes(shrink(values, fineWidth, fineHeight, 0, 0, fineWidth, fineHeight, width, height));
  }

  function asDrawn(strokes, width, height) {
    const fineWidth = width * Fine, fineHeight = height * Fine;
    const to = ({ x, y }) => [x * fineWidth, y * fineHeight];
    const values = ink(strokes, fineWidth, fineHeight, to, Pen * fineHeight);
    return bytes(shrink(values, fineWidth, fineHeight, 0, 0, fineWidth, fineHeight, width, height));
  }

  /** The part of a picture that becomes the image: all of it, its middle, or it and what lies beside it. */
  function partOf(fromWidth, fromHeight, width, height, resize) {
    if (resize === 'Stretch') return [0, 0, fromWidth, fromHeight];
    const pick = resize === 'Letterbox' ? Math.max : Math.min;
    const scale = pick(fromWidth / width, fromHeight / height);
    return [(fromWidth - width * scale) / 2, (fromHeight - height * scale) / 2, width * scale, height * scale];
  }

  /** A dark digit on light paper becomes light ink on black, cut out and centred as a drawing is. */
  function scanned(grey, fromWidth, fromHeight, width, height) {
    const sorted = Float32Array.from(grey).sort();
    const paper = sorted[Math.floor(sorted.length / 2)];
    const values = paper > 127 ? grey.map(value => 255 - value) : grey;
    const dark = paper > 127 ? 255 - paper : paper, light = values.reduce((most, value) => Math.max(most, value), 0);
    const clean = values.map(value => Math.max(0, (value - dark) / Math.max(1, light - dark) - 0.15) / 0.85 * 255);
    const box = boundsOf(clean, fromWidth, fromHeight, 64);
    if (!box) return new Uint8Array(width * height);
    const side = Math.max(box.width, box.height) * (28 / 20);
    const cut = (x, y) => shrink(clean, fromWidth, fromHeight, x - side / 2, y - side / 2, side, side, width, height);
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const mass = massOf(cut(x, y), width);
    return bytes(cut(x + ((mass.x - width / 2) * side) / width, y + ((mass.y - height / 2) * side) / height));
  }

  /** A picture as the model's bytes, channel after channel. */
  function fromImage(image, input) {
    const [channels, height, width] = input.shape;
    const most = 2048, scale = Math.min(1, most / Math.max(image.width, image.height));
    const fromWidth = Math.max(1, Math.round(image.width * scale)), fromHeight = Math.max(1, Math.round(image.height * scale));
    const context = surface(fromWidth, fromHeight);
    context.fillStyle = input.background;
    context.fillRect(0, 0, 1, 1);
    const ground = context.getImageData(0, 0, 1, 1).data;
    context.fillRect(0, 0, fromWidth, fromHeight);
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, fromWidth, fromHeight);
    const { data } = context.getImageData(0, 0, fromWidth, fromHeight);
    const grey = (from, i) => 0.299 * from[i] + 0.587 * from[i + 1] + 0.114 * from[i + 2];
    const valueOf = (from, i, c) => (channels === 1 ? grey(from, i) : from[i + c]);
    const result = new Uint8Array(channels * height * width);
    for (let c = 0; c < channels; c++) {
      const plane = Float32Array.from({ length: fromWidth * fromHeight }, (_, i) => valueOf(data, 4 * i, c));
      if (input.centred) return scanned(plane, fromWidth, fromHeight, width, height);
      const beside = valueOf(ground, 0, c), box = partOf(fromWidth, fromHeight, width, height, input.resize);
      const above = shrink(plane.map(value => value - beside), fromWidth, fromHeight, ...box, width, height);
      result.set(bytes(above.map(value => value + beside)), c * height * width);
    }
    return result;
  }

  /** Strokes as the model's bytes; every channel gets the same ink. */
  function fromStrokes(strokes, { shape: [channels, height, width], centred: isCentred }) {
    const drawn = strokes.filter(points => points.length > 0);
    const result = new Uint8Array(channels * height * width);
    if (drawn.length === 0) return result;
    const plane = (isCentred ? centred : asDrawn)(drawn, width, height);
    for (let c = 0; c < channels; c++) result.set(plane, c * height * width);
    return result;
  }

  return { Pen, stroke, fromImage, fromStrokes };
})();
