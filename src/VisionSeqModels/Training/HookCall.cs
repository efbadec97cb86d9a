using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>The time in which a hook runs.</summary>
internal readonly struct HookCall : IDisposable
{
    private readonly FitContext _context;
    private readonly HookPlace _before;
    private readonly GlobalGenerator.Loan _loan;

    public HookCall(FitContext context, ulong hook, bool draws)
    {
        _context = context;
        _before = context.HookPlace;
        context.HookPlace = new HookPlace(hook);
        _loan = draws ? GlobalGenerator.Borrow((long)context.NextSeed(), context.Device) : default;
    }

    public void Dispose()
    {
        _loan.Dispose();
        _context.HookPlace = _before;
    }
}

/// <summary>The hook that runs, and how many streams of random numbers it took.</summary>
internal readonly record struct HookPlace(ulong Hook, int Streams = 0);
