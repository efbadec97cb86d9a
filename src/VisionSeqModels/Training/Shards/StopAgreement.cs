namespace VisionSeqModels.Training;

/// <summary>Ends a run on all ranks at the same step, whichever of them asks for it; alone it is the run's own
/// <see cref="StopState"/>.</summary>
internal sealed class StopAgreement(FitContext context)
{
    private const long Requested = 1;
    private const long Cancelled = 2;
    private const long NonFinite = 4;

    private readonly StopState _stop = context.Stop;
    private readonly ShardRanks _ranks = context.Ranks;

    /// <summary>Looks between two steps whether the run is to end, and gives every rank the learning-rate scale of rank
    /// 0.</summary>
    public void Observe(CancellationToken cancellationToken)
    {
        if (_ranks.IsAlone)
        {
            _stop.Observe(cancellationToken);
            return;
        }

        var place = new RankPlace(RankPhase.StepDone, context.Epoch, context.StepInEpoch);
        long mine =
            (_stop.Request is null ? 0 : Requested)
            | (cancellationToken.IsCancellationRequested ? Cancelled : 0)
            | (_stop.IsOver ? NonFinite : 0);
        var heads = _ranks.Heads(place, mine, BitConverter.DoubleToInt64Bits(context.LearningRateScale));
        context.LearningRateScale = BitConverter.Int64BitsToDouble(heads[0].Check);
        long any = heads.Aggregate(0L, (all, head) => all | head.Value);
        if ((any & (NonFinite | Requested)) != 0)
        {
            Take(place, heads, (any & NonFinite) != 0 ? NonFinite : Requested);
        }

        _ranks.IsCancelled |= (any & Cancelled) != 0;
        _stop.Observe(new CancellationToken(_ranks.IsCancelled));
    }

    /// <summary>Takes over the message of the first rank that has one.</summary>
    private void Take(RankPlace place, (long Value, long Check)[] heads, long reason)
    {
        string own = (reason == NonFinite ? context.History.StopMessage : _stop.Request) ?? "";
        byte[][] messages = _ranks.Gather(place, System.Text.Encoding.UTF8.GetBytes(own));
        string message = System.Text.Encoding.UTF8.GetString(
            messages[Array.FindIndex(heads, head => (head.Value & reason) != 0)]
        );
        if (reason == Requested)
        {
            _stop.Ask(message);
        }
        else if (!_stop.IsOver)
        {
            _stop.NonFinite(message);
        }
    }
}
