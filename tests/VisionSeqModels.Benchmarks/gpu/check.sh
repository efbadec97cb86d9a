#!/bin/bash
# Tries VisionSeqModels on the libtorch of this machine's PyTorch: whether it loads, whether the GPU computes what the CPU
# computes, and what a training step takes beside eager PyTorch. Takes less than four minutes, and needs no .NET: pack.sh packs all of it.
#
#   tar -xzf gpu-check.tar.gz && gpu-check/check.sh
#
#   --python NAME    the Python that has PyTorch (python3)
#   --libtorch DIR   another libtorch than that PyTorch's: a folder with libtorch_cpu.so
#   --device NAME    cuda, or cpu for a rehearsal: the CPU is then handled as a GPU is (cuda)
#   --threads N      threads of libtorch and of PyTorch on the CPU (2)
#   --quick          one round of each time: for a rehearsal
#
# Ends with 0; 1: a part failed; 2: no PyTorch, or a wrong argument; 3: its libtorch does not load; 4: it finds no GPU.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=python3 libtorch= device=cuda threads=2 rounds=7 blocks=6 cpu_rounds=5 cpu_blocks=3 most=235

stop() { # CODE SENTENCE
  echo "$2" >&2
  exit "$1"
}

while (($#)); do
  case $1 in
    --quick) rounds=1 blocks=1 cpu_rounds=1 cpu_blocks=1 && shift && continue ;;
    --python | --libtorch | --device | --threads) (($# > 1)) || stop 2 "$1 needs a value." ;;
    *) stop 2 "'$1' is no option of check.sh; its first lines list them." ;;
  esac
  declare "${1#--}=$2"
  shift 2
done

program=$here
[[ -x $program/VisionSeqModels.Benchmarks ]] || program=$here/../../../artifacts/gpu-check
[[ -x $program/VisionSeqModels.Benchmarks ]] || stop 2 "There is no program beside check.sh: run pack.sh where the .NET SDK is."
"$python" -c 'import torch' || stop 2 "'$python' has no PyTorch: name another Python by --python."
lib=${libtorch:-$("$python" -c 'import os, torch; print(os.path.join(torch.__path__[0], "lib"))')}
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# PyTorch's process keeps the library path of its own.
printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' "${LD_LIBRARY_PATH:-}" "$(command -v "$python")" >"$temporary/python"
chmod +x "$temporary/python"
export VISIONSEQ_PYTHON=$temporary/python DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
paths=$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
failed=()

run() { # SECONDS ARGUMENT...
  LD_LIBRARY_PATH=$paths timeout "$1" "$program/VisionSeqModels.Benchmarks" "${@:2}"
}

part() { # NAME SECONDS ARGUMENT...
  printf '\n## %s (after %d s)\n\n' "$1" "$SECONDS"
  local left=$((most - SECONDS)) code
  local limit=$(($2 < left ? $2 : left))
  ((limit > 0)) && run "$limit" "${@:3}"
  code=$?
  ((code == 0)) && return
  failed+=("$1")
  ((code == 124 || limit <= 0)) && echo "'$1' has no more than $limit s, and was ended." || echo "'$1' ended with $code."
}

echo "## Machine"
echo
echo "Card, driver: $(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || echo none)"
echo "Processor: $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(nproc) cores"
"$python" -c 'import torch; print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, usable: {torch.cuda.is_available()}")'
echo "libtorch: $lib"

echo
echo "## Loading"
echo
LD_LIBRARY_PATH=$paths ldd -r "$program/libLibTorchSharp.so" >"$temporary/ldd" 2>&1
grep 'not found' "$temporary/ldd" | grep -v 'weak version' | sort -u
names=$(sed -n 's/^undefined symbol: \([^[:space:]]*\).*/\1/p' "$temporary/ldd" | sort -u)
undefined=$(grep -c . <<<"$names")
echo "Undefined names of libLibTorchSharp.so with this libtorch: $undefined"
if ((undefined)); then
  head -20 <<<"$names" | (c++filt 2>/dev/null || cat) | cut -c 1-160
fi

if ! run 60 device-check tensor --device cpu >"$temporary/load" 2>&1; then
  grep -m 1 'xception' "$temporary/load"
  stop 3 "libLibTorchSharp.so does not load with the libtorch in '$lib': $undefined of its names are undefined there."
fi
if ! run 60 device-check tensor --device "$device" >"$temporary/load" 2>&1; then
  grep -m 1 'xception' "$temporary/load"
  stop 4 "It loads, but one tensor on '$device' fails."
fi
cat "$temporary/load"

part "Values on $device beside the CPU's" 60 device-check values --device "$device"
part "Short trainings on $device beside the CPU's" 60 device-check runs --device "$device"
as_gpu=()
[[ $device != cpu ]] || as_gpu=(--as-gpu)
part "Training steps on $device, by the GPU's way" 80 interleave --device "$device" "${as_gpu[@]}" --threads "$threads" \
  --rounds $rounds --blocks $blocks
part "Training steps on the CPU" 75 interleave --threads "$threads" --rounds $cpu_rounds --blocks $cpu_blocks

echo "Done after $SECONDS s."
((${#failed[@]} == 0)) || stop 1 "Failed: $(printf '%s; ' "${failed[@]}" | sed 's/; $//')."
