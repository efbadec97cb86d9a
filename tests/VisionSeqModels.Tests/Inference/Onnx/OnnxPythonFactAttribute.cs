namespace VisionSeqModels.Tests.Inference;

/// <summary>A test against the package onnx, which is skipped where no Python has it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxPythonFactAttribute : FactAttribute
{
    public OnnxPythonFactAttribute()
    {
        if (OnnxPython.Python is null)
        {
            Skip = "No Python with onnx was found (on Debian: the package python3-onnx).";
        }
    }
}
