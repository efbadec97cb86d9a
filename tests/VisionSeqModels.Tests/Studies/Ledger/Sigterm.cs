using System.Runtime.InteropServices;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Lets a worker process end by itself when it is asked to.</summary>
internal static class Sigterm
{
    /// <summary>Cancels at SIGTERM, until it is disposed.</summary>
    /// <param name="stop">What to cancel.</param>
    /// <param name="first">What to do before; null for nothing.</param>
    public static PosixSignalRegistration Cancels(CancellationTokenSource stop, Action? first = null) =>
        PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                first?.Invoke();
                stop.Cancel();
            }
        );
}
