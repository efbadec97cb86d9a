using System.Runtime.CompilerServices;
using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary>Who uses a model just now: one thread at a time, since all that use it set its modules' modes. A thread that reads
/// waits for another that reads; where another one trains, it is refused.</summary>
internal sealed class ModelUse
{
    private static readonly ConditionalWeakTable<torch.nn.Module, ModelUse> All = [];

    private readonly object _gate = new();
    private int _thread;
    private int _uses;
    private int _trainings;

    /// <summary>For evaluation mode.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread trains the model.</exception>
    public static IDisposable Read(torch.nn.Module model) => Of(model).Enter(model, trains: false);

    /// <summary>For training.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread trains the model.</exception>
    public static IDisposable Train(torch.nn.Module model) => Of(model).Enter(model, trains: true);

    private static ModelUse Of(torch.nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Disposal.ThrowIfDisposed(model);
        return All.GetValue(model, _ => new ModelUse());
    }

    private Use Enter(torch.nn.Module model, bool trains)
    {
        lock (_gate)
        {
            int thread = Environment.CurrentManagedThreadId;
            while (_uses > 0 && _thread != thread)
            {
                if (_trainings > 0)
                {
                    throw new InvalidOperationException(
                        $"The model '{model.GetName()}' is being trained by another thread, and "
                            + $"{(trains ? "a second training" : "evaluation mode")} would change that training. Wait for its "
                            + "end, evaluate in one of its callbacks, or use a copy of the model."
                    );
                }

                Monitor.Wait(_gate);
            }

            _thread = thread;
            _uses++;
            _trainings += trains ? 1 : 0;
            return new Use(this, trains);
        }
    }

    private void Leave(bool trains)
    {
        lock (_gate)
        {
            _uses--;
            _trainings -= trains ? 1 : 0;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>One use; it ends once, on any thread.</summary>
    private sealed class Use(ModelUse model, bool trains) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                model.Leave(trains);
            }
        }
    }
}
