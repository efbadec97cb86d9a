using System.Diagnostics.Tracing;

namespace VisionSeqModels.Tests;

/// <summary>What one thread takes from .NET's shared pool of arrays. The pool keeps an array after its use.</summary>
internal sealed class PooledBuffers : EventListener
{
    private const string Source = "System.Buffers.ArrayPoolEventSource";
    private const int Rented = 1;
    private const int SizeAt = 1;
    private readonly long _thread = Environment.CurrentManagedThreadId;
    private int _longest;

    /// <summary>The longest array that this thread took since, in elements.</summary>
    public static int Longest(Action action)
    {
        using var listener = new PooledBuffers();
        action();
        return listener._longest;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId == Rented && Environment.CurrentManagedThreadId == _thread)
        {
            _longest = Math.Max(_longest, (int)eventData.Payload![SizeAt]!);
        }
    }
}
