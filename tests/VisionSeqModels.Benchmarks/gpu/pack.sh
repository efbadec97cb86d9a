#!/bin/bash
# Packs what check.sh needs on a machine with a GPU: artifacts/gpu-check.tar.gz, below 60 MB. It has the benchmarks with .NET, and
# libLibTorchSharp.so, but no libtorch: that comes from the PyTorch over there. Needs the .NET SDK; takes a minute or two.
#
#   tests/VisionSeqModels.Benchmarks/gpu/pack.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
out=artifacts/gpu-check
most=60000000
rm -rf "$out" "$out.tar.gz"

# ICU, PDBs and translations are left out; obj/ and bin/ of the repository stay as they are.
dotnet publish tests/VisionSeqModels.Benchmarks -c Release -r linux-x64 --self-contained -o "$out" --artifacts-path "$out-build" \
  -p:TorchBackend=none -p:InvariantGlobalization=true -p:SatelliteResourceLanguages=en -p:DebugType=none \
  -p:GenerateDocumentationFile=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v:q --nologo
rm -rf "$out-build"

# What only 'inference', 'micro' and debuggers load.
rm -f "$out"/{libonnxruntime*,onnxruntime.*,libcapstone.so,libmscord*.so,libcoreclrtraceptprovider.so,libclrgc*.so} \
  "$out"/{Microsoft.CodeAnalysis*,Microsoft.Diagnostics.*,Iced,Dia2Lib,TraceReloggerLib,Gee.External.Capstone}.dll
test -f "$out/libLibTorchSharp.so" || { echo "The published files lack libLibTorchSharp.so." >&2; exit 1; }
cp "$here/check.sh" "$out/"

tar -czf "$out.tar.gz" -C artifacts gpu-check
size=$(stat -c %s "$out.tar.gz")
echo "$out.tar.gz: $((size / 1000000)) MB"
if ((size >= most)); then
  echo "It should be below $((most / 1000000)) MB." >&2
  exit 1
fi
