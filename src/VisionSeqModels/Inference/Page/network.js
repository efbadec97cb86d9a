// The model's forward pass. A layer takes { data: Float32Array, shape } and gives the same.
const Network = (() => {
  const count = shape => shape.reduce((product, size) => product * size, 1);
  const tensor = shape => ({ data: new Float32Array(count(shape)), shape });
  const sigmoid = x => 1 / (1 + Math.exp(-x));
  const functions = { relu: x => (x > 0 ? x : 0), tanh: Math.tanh, sigmoid, none: x => x };

  /** The numbers of a weight, a view of the page's one array. */
  const numbers = (weights, part) => weights.subarray(part.offset, part.offset + count(part.shape));

  function conv(x, layer, weights) {
    const [outputs, inputs, kernelHeight, kernelWidth] = layer.weight.shape;
    const [, height, width] = x.shape;
    const { stride, padding } = layer;
    const rows = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
    const columns = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
    const weight = numbers(weights, layer.weight);
    const bias = layer.bias && numbers(weights, layer.bias);
    const y = tensor([outputs, rows, columns]);
    for (let o = 0, at = 0; o < outputs; o++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, at++) {
          let sum = bias ? bias[o] : 0;
          const left = column * stride - padding;
          const first = Math.max(0, -left), last = Math.min(kernelWidth, width - left);
          for (let i = 0; i < inputs; i++) {
            for (let k = 0; k < kernelHeight; k++) {
              const line = row * stride - padding + k;
              if (line < 0 || line >= height) continue;
              const from = (i * height + line) * width + left;
              const by = ((o * inputs + i) * kernelHeight + k) * kernelWidth;
              for (let l = first; l < last; l++) sum += x.data[from + l] * weight[by + l];
            }
          }
          y.data[at] = sum;
        }
      }
    }
    return y;
  }

  function linear(x, layer, weights) {
    const [outputs, inputs] = layer.weight.shape;
    const rows = x.data.length / inputs;
    const weight = numbers(weights, layer.weight);
    const bias = layer.bias && numbers(weights, layer.bias);
    const y = tensor([...x.shape.slice(0, -1), outputs]);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let o = 0; o < outputs; o++, at++) {
        let sum = bias ? bias[o] : 0;
        for (let i = 0; i < inputs; i++) sum += x.data[row * inputs + i] * weight[o * inputs + i];
        y.data[at] = sum;
      }
    }
    return y;
  }

  function activation(x, layer) {
    return { data: x.data.map(functions[layer.function]), shape: x.shape };
  }

  /** Blocks of size × size become one value, their largest or their mean; what does not fill a block is left out. */
  function pool(x, layer) {
    const [channels, height, width] = x.shape;
    const { size, stride, padding } = layer;
    const rows = Math.floor((height + 2 * padding - size) / stride) + 1;
    const columns = Math.floor((width + 2 * padding - size) / stride) + 1;
    const y = tensor([channels, rows, columns]);
    for (let c = 0, at = 0; c < channels; c++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, at++) {
          const top = row * stride - padding, left = column * stride - padding;
          let sum = 0, largest = -Infinity;
          for (let k = Math.max(0, top); k < Math.min(height, top + size); k++) {
            for (let l = Math.max(0, left); l < Math.min(width, left + size); l++) {
              const value = x.data[(c * height + k) * width + l];
              sum += value;
              if (value > largest) largest = value;
            }
          }
          y.data[at] = layer.mode === 'max' ? largest : sum / (size * size);
        }
      }
    }
    return y;
  }

  function globalMean(x) {
    const [channels, height, width] = x.shape;
    const y = tensor([channels]);
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let i = 0; i < height * width; i++) sum += x.data[c * height * width + i];
      y.data[c] = sum / (height * width);
    }
    return y;
  }

  /** Each map times its number, plus its number. */
  function scale(x, layer, weights) {
    const by = numbers(weights, layer.scale), offset = numbers(weights, layer.offset);
    const size = x.data.length / by.length;
    return { data: x.data.map((value, i) => value * by[Math.floor(i / size)] + offset[Math.floor(i / size)]), shape: x.shape };
  }

  const flatten = x => ({ data: x.data, shape: [x.data.length] });

  /** A residual block: its layers' output and its shortcut's are added. */
  function residual(x, layer, weights) {
    const main = layer.layers.reduce((value, inner) => run(value, inner, weights), x);
    const short = layer.shortcut.reduce((value, inner) => run(value, inner, weights), x);
    return { data: main.data.map((value, i) => value + short.data[i]), shape: main.shape };
  }

  /** A shortcut without weights: some of the pixels, and channels of zeros before and behind. */
  function padded(x, layer) {
    const [channels, height, width] = x.shape;
    const rows = Math.ceil(height / layer.stride), columns = Math.ceil(width / layer.stride);
    const y = tensor([layer.before + channels + layer.behind, rows, columns]);
    for (let c = 0; c < channels; c++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          y.data[((layer.before + c) * rows + row) * columns + column] =
            x.data[(c * height + row * layer.stride) * width + column * layer.stride];
        }
      }
    }
    return y;
  }

  /** An image becomes a sequence [time, features], as the model's options say. */
  function sequence(x, layer) {
    const [channels, height, width] = x.shape;
    const side = layer.patch;
    const sizes = {
      rows: [height, channels * width],
      columns: [width, channels * height],
      pixels: [height * width, channels],
      patches: [Math.floor(height / side) * Math.floor(width / side), channels * side * side],
    };
    const places = {
      rows: (c, row, column) => [row, c * width + column],
      columns: (c, row, column) => [column, c * height + row],
      pixels: (c, row, column) => [row * width + column, c],
      patches: (c, row, column) => [
        Math.floor(row / side) * Math.floor(width / side) + Math.floor(column / side),
        (c * side + (row % side)) * side + (column % side),
      ],
    };
    const y = tensor(sizes[layer.order]), place = places[layer.order];
    for (let c = 0, at = 0; c < channels; c++) {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++, at++) {
          const [step, feature] = place(c, row, column);
          y.data[step * y.shape[1] + feature] = x.data[at];
        }
      }
    }
    return layer.padding === null ? y : withoutPadding(y, Math.fround(layer.padding));
  }

  /** Steps at the end that hold nothing but padding do not count. */
  function withoutPadding(x, padding) {
    const features = x.shape[1];
    let steps = x.shape[0];
    while (steps > 1 && x.data.subarray((steps - 1) * features, steps * features).every(value => value === padding)) steps--;
    return { data: x.data.subarray(0, steps * features), shape: [steps, features] };
  }

  const cells = {
    rnn(fromInput, fromState, state, units, layer) {
      const f = functions[layer.function];
      for (let u = 0; u < units; u++) state.hidden[u] = f(fromInput[u] + fromState[u]);
    },
    lstm(fromInput, fromState, state, units) {
      const sum = (gate, u) => fromInput[gate * units + u] + fromState[gate * units + u];
      for (let u = 0; u < units; u++) {
        state.cell[u] = sigmoid(sum(1, u)) * state.cell[u] + sigmoid(sum(0, u)) * Math.tanh(sum(2, u));
        state.hidden[u] = sigmoid(sum(3, u)) * Math.tanh(state.cell[u]);
      }
    },
    gru(fromInput, fromState, state, units) {
      for (let u = 0; u < units; u++) {
        const reset = sigmoid(fromInput[u] + fromState[u]);
        const update = sigmoid(fromInput[units + u] + fromState[units + u]);
        const candidate = Math.tanh(fromInput[2 * units + u] + reset * fromState[2 * units + u]);
        state.hidden[u] = (1 - update) * candidate + update * state.hidden[u];
      }
    },
  };

  function recurrent(x, layer, weights) {
    const time = x.shape[0], units = layer.units;
    const y = tensor([time, units * layer.directions.length]);
    layer.directions.forEach((direction, number) => {
      const fromInput = linear(x, { weight: direction.inputWeight, bias: direction.inputBias }, weights);
      const gates = fromInput.shape[1];
      const state = { hidden: new Float32Array(units), cell: new Float32Array(units) };
      for (let i = 0; i < time; i++) {
        const step = number === 0 ? i : time - 1 - i;
        const fromState = linear({ data: state.hidden, shape: [units] },
          { weight: direction.stateWeight, bias: direction.stateBias }, weights);
        cells[layer.cell](fromInput.data.subarray(step * gates, (step + 1) * gates), fromState.data, state, units, layer);
        y.data.set(state.hidden, step * y.shape[1] + number * units);
      }
    });
    return y;
  }

  /** One vector of all steps; the second direction ends at the first step. */
  function readout(x, layer) {
    const [time, features] = x.shape;
    const y = tensor([features]);
    for (let f = 0; f < features; f++) {
      const at = step => x.data[step * features + f];
      if (layer.mode === 'last') {
        y.data[f] = at(f < layer.units ? time - 1 : 0);
        continue;
      }
      let sum = 0, largest = -Infinity;
      for (let step = 0; step < time; step++) {
        sum += at(step);
        largest = Math.max(largest, at(step));
      }
      y.data[f] = layer.mode === 'max' ? largest : sum / time;
    }
    return y;
  }

  const kinds = { conv, linear, activation, pool, globalMean, scale, flatten, residual, padded, sequence, recurrent, readout };
  const run = (x, layer, weights) => kinds[layer.kind](x, layer, weights);

  /** Bytes 0..255 as the model's training data were normalised. */
  function normalise(pixels, { shape, scale, offset }) {
    const x = tensor(shape), size = shape[1] * shape[2];
    for (let i = 0; i < x.data.length; i++) {
      const c = Math.floor(i / size);
      x.data[i] = Math.fround(Math.fround(pixels[i] * scale[c]) + offset[c]);
    }
    return x;
  }

  /** The scores of an image, and what the layers that have a title gave. */
  function scores(model, weights, pixels) {
    const activations = [];
    let x = normalise(pixels, model.input);
    for (const layer of model.layers) {
      x = run(x, layer, weights);
      if (layer.title) activations.push({ title: layer.title, shape: x.shape, data: x.data });
    }
    return { scores: Array.from(x.data), activations };
  }

  /** What the scores mean: probabilities of classes, of labels, or plain values. */
  function answer(model, values) {
    if (model.output === 'values') return values;
    if (model.output === 'labels') return values.map(sigmoid);
    const largest = Math.max(...values), powers = values.map(value => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map(power => power / sum);
  }

  return { scores, answer };
})();
