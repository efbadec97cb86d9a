using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Recognises that something was used after it was disposed, and names it. TorchSharp says only that a tensor is
/// invalid.</summary>
internal static class Disposal
{
    private const string OfSomething =
        "A tensor of the model, the optimizer or the data was disposed. Dispose them after their last use. What is kept must be "
        + "made outside of dispose scopes, or detached from them.";

    /// <summary>Whether an exception is of that kind.</summary>
    public static bool IsReasonOf(Exception e) =>
        e is ObjectDisposedException or InvalidOperationException { Message: "Tensor invalid -- empty handle." };

    /// <summary>What was disposed, as far as it can be known; null for an exception of another kind.</summary>
    public static string? Explain(Exception e, nn.Module model) =>
        !IsReasonOf(e) ? null
        : IsDisposed(model) ? OfModel(model)
        : e is ObjectDisposedException { ObjectName: not "" } named
        && !named.ObjectName.EndsWith("HType", StringComparison.Ordinal)
            ? e.Message
        : OfSomething;

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void ThrowIfDisposed(nn.Module model)
    {
        if (IsDisposed(model))
        {
            throw Failure(OfModel(model));
        }
    }

    private static ObjectDisposedException Failure(string message) => new(message, innerException: null);

    private static string OfModel(nn.Module model) =>
        $"The model '{model.GetType().Name}' was disposed. Dispose it after its last use, or make it again.";

    private static bool IsDisposed(nn.Module model)
    {
        try
        {
            _ = model.training;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
