using System.Runtime.ExceptionServices;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Studies;

/// <summary>The threads that trials run on.</summary>
internal static class TrialThreads
{
    /// <summary> How many trials run at once, as the plan's trials and libtorch's threads allow, and with how many of
    /// libtorch's threads each. What is done already does not count, so that a resumed study gives each trial the
    /// threads that it had. </summary>
    /// <exception cref="ArgumentException">The data does not support what is asked for.</exception>
    public static (int AtOnce, int Threads) Of(StudyOptions options, FitData data, int trials)
    {
        var unsafeSource = new[] { data.Train, data.Validation, data.Test }
            .OfType<IBatchSource>()
            .FirstOrDefault(source => !source.SupportsConcurrentReads);
        if (options.ParallelTrials > 1 && unsafeSource is not null)
        {
            throw new ArgumentException(
                $"StudyOptions.ParallelTrials is {options.ParallelTrials}, but the data '{unsafeSource.Name}' "
                    + $"({unsafeSource.GetType().Name}) does not support being read by several trials at once: its "
                    + "SupportsConcurrentReads is false. Set ParallelTrials to 1, or have the data support it."
            );
        }

        int atOnce =
            options.ParallelTrials ?? (unsafeSource is not null || cuda.is_available() ? 1 : Math.Min(get_num_threads(), trials));
        return (atOnce, options.ThreadsPerTrial ?? Math.Max(1, get_num_threads() / atOnce));
    }

    /// <summary>Does the same work on some threads; on the caller's, where it is one. When all are done, it throws what the
    /// first of them threw.</summary>
    public static void Run(int count, Action work)
    {
        if (count == 1)
        {
            work();
            return;
        }

        ExceptionDispatchInfo? failure = null;
        Thread[] threads =
        [
            .. Enumerable
                .Range(1, count)
                .Select(i => new Thread(() =>
                {
                    try
                    {
                        work();
                    }
                    catch (Exception e)
                    {
                        Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                    }
                })
                {
                    Name = $"trials {i}",
                }),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        failure?.Throw();
    }
}
