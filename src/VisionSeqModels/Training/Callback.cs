using System.Diagnostics.CodeAnalysis;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>
/// Something that happens at given moments of training. Derive from it, override the hooks you need, and add it to
/// <see cref="Trainer.Callbacks"/>.
/// </summary>
/// <remarks> Order: callbacks run by <see cref="Stage"/>, and within a stage in the order in which they were added;
/// <see cref="OnFitEnd"/> runs in the reverse order. All run on the training thread, one after another. A hook that throws
/// ends the run with a <see cref="CallbackException"/>. Tensors reached through an argument are borrowed: valid until the
/// hook returns; clone and detach what you keep. The whole sequence is in docs/training-loop.md. </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicMethods)]
public abstract class Callback
{
    /// <summary>When it runs among the others; default <see cref="CallbackStage.Observe"/>.</summary>
    public virtual CallbackStage Stage => CallbackStage.Observe;

    /// <summary>Whether its hooks may draw from libtorch's own generator: <c>randn_like</c>, dropout in a model that they run.
    /// Default true; the library's own callbacks draw nothing.</summary>
    /// <remarks>The trainer seeds that generator before each hook of a callback that may draw, by run seed, epoch, step,
    /// callback and hook, and restores it afterwards. Trainings on other threads wait until the hook returns. Override it with
    /// false where the hooks draw nothing, or only from <see cref="FitContext.NewGenerator"/>: then nobody waits. A hook that
    /// waits for a thread that trains or evaluates must say false, or both wait for ever.</remarks>
    protected internal virtual bool DrawsRandomNumbers => GetType().Assembly != typeof(Callback).Assembly;

    /// <summary>Whether it gives the model other weights at the end of a run than the last ones; default false. Two that would
    /// are refused before anything is written.</summary>
    protected internal virtual bool SetsFinalWeights => false;

    /// <summary>Whether it runs in every process of a training of several ranks (<see cref="Trainer.Exchange"/>), or only in
    /// that of rank 0; default true for <see cref="CallbackStage.Observe"/> and <see cref="CallbackStage.Decide"/>, false for
    /// those that write and report.</summary>
    /// <remarks>One that changes weights, gradients or the optimizer must run on all ranks, and do the same on each. A request
    /// to stop counts from any rank, a learning-rate scale from rank 0.</remarks>
    protected internal virtual bool RunsOnAllRanks => Stage is CallbackStage.Observe or CallbackStage.Decide;

    /// <summary>Says what is wrong with the settings, a sentence each that begins with the setting's name; nothing where all is
    /// well (default). The trainer asks before it writes anything, and reports the faults of all callbacks together in one
    /// <see cref="InvalidOptionsException"/>.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => [];

    /// <summary>Before the first epoch; model and optimizer are on the device. What a callback keeps of an earlier fit is
    /// to be reset here.</summary>
    /// <param name="e">The run.</param>
    public virtual void OnFitStart(FitStartEvent e) { }

    /// <summary>Before the first batch of each epoch, and where a resumed run continues within one.</summary>
    /// <param name="e">The run and the epoch's number.</param>
    public virtual void OnEpochStart(EpochStartEvent e) { }

    /// <summary>Once for each optimizer step, when its gradients are whole and before they are clipped; they may be looked
    /// at or changed in place.</summary>
    /// <param name="e">The run. Reading a value makes the step wait for the device.</param>
    public virtual void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e) { }

    /// <summary>After each optimizer step, however many batches it took.</summary>
    /// <param name="e">The run, the step's number and its loss on the device. Reading the loss makes the step wait for the
    /// device.</param>
    public virtual void OnStepEnd(StepEndEvent e) { }

    /// <summary>After each evaluation on the validation or the test data, before <see cref="OnEpochEnd"/>.</summary>
    /// <param name="e">The run and the metrics.</param>
    public virtual void OnEvaluationEnd(EvaluationEndEvent e) { }

    /// <summary>After each epoch, its evaluation included; also after one that was interrupted, which is marked partial. An epoch
    /// that was stopped before its first step has no end and no record.</summary>
    /// <param name="e">The run and the epoch's record.</param>
    public virtual void OnEpochEnd(EpochEndEvent e) { }

    /// <summary>After the state of training was saved into the run directory.</summary>
    /// <param name="e">The run and the file.</param>
    public virtual void OnCheckpointSaved(CheckpointSavedEvent e) { }

    /// <summary>At the end, however the run ended, exactly once if <see cref="OnFitStart"/> was called.</summary>
    /// <param name="e">The run, its history and the reason of its end.</param>
    public virtual void OnFitEnd(FitEndEvent e) { }
}
