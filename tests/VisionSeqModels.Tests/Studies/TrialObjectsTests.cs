using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What two trials must not share, without training.</summary>
[Collection("Torch")]
public sealed class TrialObjectsTests
{
    private static readonly TrialKey First = new("a", 1, null);
    private static readonly TrialKey Second = new("b", 1, null);
    private readonly TrialObjects _objects = new();

    [Fact]
    public void Model_IsOneTrialsOwn_AndOfOneCall()
    {
        using var model = TinyModel.Create();
        _objects.Claim(Of(model), First);
        Assert.Equal(
            "The function of the study gave the model to the trial 'a, seed 1' and again to 'b, seed 1'. Trials must not share a "
                + "model, an optimizer or a callback with state, since one would continue with what the other left. Build each "
                + "within the function.",
            Fault(Of(model), Second)
        );
        Assert.Contains(
            "gave the model to the trial 'a, seed 1' and again to 'a, seed 1'",
            Fault(Of(model), First),
            StringComparison.Ordinal
        );
        using var other = TinyModel.Create();
        _objects.Claim(Of(other), Second);
    }

    [Fact]
    public void ModuleAndParameter_AreOneTrialsOwn()
    {
        using var layer = nn.Linear(2, 2);
        using var first = nn.Sequential(("hidden", layer));
        using var second = nn.Sequential(("other", layer));
        _objects.Claim(Of(first), First);
        Assert.Contains("gave the module 'other' to the trial 'a, seed 1'", Fault(Of(second), Second), StringComparison.Ordinal);
        using var module = new Holder(layer.weight!);
        Assert.Contains("gave the parameter 'weight' to the trial", Fault(Of(module), Second), StringComparison.Ordinal);
    }

    [Fact]
    public void CallbackWithState_IsOneTrialsOwn()
    {
        using var first = TinyModel.Create();
        using var second = TinyModel.Create();
        using var third = TinyModel.Create();
        Callback[] callbacks = [new Plain(), new EarlyStopping()];
        _objects.Claim(Of(first, callbacks[0]), First);
        _objects.Claim(Of(second, callbacks), Second);
        _objects.Claim(Of(third, callbacks), Second); // built for the same trial once more
        using var fourth = TinyModel.Create();
        Assert.Contains(
            "gave the callback EarlyStopping to the trial 'b, seed 1'",
            Fault(Of(fourth, callbacks), First),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Optimizer_IsMadeEachTime()
    {
        using var model = TinyModel.Create();
        using var other = TinyModel.Create();
        using var third = TinyModel.Create();
        using var kept = optim.SGD(model.parameters(), 0.1);
        Assert.Equal(
            "The optimizer of the trial 'a, seed 1' is the same each time that Own is asked for one. Trials must not share an "
                + "optimizer, since it moves the weights that it was made for. Make a new one in Create.",
            Fault(Of(model) with { Options = Options(_ => kept) }, First)
        );
        _objects.Claim(Of(other) with { Options = Options(parameters => optim.SGD(parameters, 0.1)) }, First);
        _objects.Claim(Of(third) with { Options = Options(_ => throw new InvalidOperationException()) }, Second);
    }

    [Fact]
    public void OptimizersThatWereMadeToLook_AreDisposed_AndNoneIsAnothersFault()
    {
        using var model = TinyModel.Create();
        using var other = TinyModel.Create();
        var made = new List<Noted>();
        Noted Make()
        {
            made.Add(new Noted());
            return made[^1];
        }

        _objects.Claim(Of(model) with { Options = Options(_ => Make()) }, First);
        Assert.Equal([true, true], made.Select(one => one.IsDisposed));
        _objects.Claim(
            Of(other) with
            {
                Options = new TrainerOptions { Epochs = 1, Optimizer = null! },
            },
            Second
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LibrarysOwnCallback_AndOneThatSavesItsState_AreOneTrialsOwn(bool isLibrarys)
    {
        using var first = TinyModel.Create();
        using var second = TinyModel.Create();
        Callback callback = isLibrarys ? new CsvLogger() : new Saving();
        _objects.Claim(Of(first, callback), First);
        Assert.Contains(
            $"gave the callback {callback.GetType().Name} to the trial 'a, seed 1' and again to 'b, seed 1'",
            Fault(Of(second, callback), Second),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void DisposedParts_AreKnownByWhatTorchSharpSays_OnceATrialHadAModel()
    {
        Exception[] ofDisposed =
        [
            new ObjectDisposedException("x"),
            new InvalidOperationException("A null tensor cannot be"),
            new InvalidOperationException("it has an empty handle"),
        ];
        Assert.All(ofDisposed, e => Assert.False(_objects.IsOfDisposed(e)));
        using var model = TinyModel.Create();
        _objects.Claim(Of(model), First);
        Assert.All(ofDisposed, e => Assert.True(_objects.IsOfDisposed(e)));
        Assert.False(_objects.IsOfDisposed(new InvalidOperationException("other")));
    }

    [Fact]
    public void DataThatIsReadUp_IsRefusedToTheSecondTrial()
    {
        var empty = new FitData { Train = new Source("once", () => []) };
        _objects.Read(First, empty, 4);
        Assert.Equal(
            "The data 'once' gives no batch to the trial 'b, seed 1', after 'a, seed 1' has read it: it can be read "
                + "only once. All "
                + "trials of a study read the same data. Give data that begins again each time, such as a list or "
                + "BatchSource.From with a function.",
            Assert.Throws<SharedTrialObjectException>(() => _objects.Read(Second, empty, 4)).Message
        );
    }

    [Fact]
    public void DataThatBeginsAgain_OrThrows_IsLeftToTraining()
    {
        int size = 0;
        var again = new Source("again", () => [new Batch(ones(1, 2), ones(1))]) { Asked = request => size = request.BatchSize };
        var data = new FitData
        {
            Train = again,
            Test = again,
            Validation = again,
        };
        _objects.Read(First, data, 4);
        Assert.Equal(0, size); // nothing is read for the first
        _objects.Read(Second, data, 4);
        Assert.Equal(4, size);
        _objects.Read(First, new FitData { Train = new Source("odd", () => throw new InvalidOperationException()) }, 4);
        var once = new FitData { Train = again, Test = new Source("once", () => []) };
        Assert.Contains(
            "after 'a, seed 1' has read it",
            Assert.Throws<SharedTrialObjectException>(() => _objects.Read(Second, once, 4)).Message,
            StringComparison.Ordinal
        );
    }

    private string Fault(StudyTrial trial, TrialKey key) =>
        Assert.Throws<SharedTrialObjectException>(() => _objects.Claim(trial, key)).Message;

    private static TrainerOptions Options(Func<IReadOnlyList<TorchSharp.Modules.Parameter>, optim.Optimizer> make) =>
        new() { Epochs = 1, Optimizer = new Own(make) };

    private static StudyTrial Of(nn.Module<Tensor, Tensor> model, params Callback[] callbacks) =>
        new()
        {
            Model = model,
            Options = new TrainerOptions { Epochs = 1 },
            Callbacks = callbacks,
        };

    private sealed class Plain : Callback;

    private sealed class Saving : Callback, IStatefulCallback
    {
        public string StateKey => nameof(Saving);

        public void SaveState(CallbackState state) { }

        public void LoadState(CallbackState state) { }
    }

    private sealed class Noted() : optim.Optimizer(IntPtr.Zero)
    {
        public bool IsDisposed { get; private set; }

        public override IEnumerable<optim.ILearningRateController> ParamGroups => [];

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed record Own(Func<IReadOnlyList<TorchSharp.Modules.Parameter>, optim.Optimizer> Make) : OptimizerOptions
    {
        public override double LearningRate { get; init; } = 0.1;

        public override string Name => "Own";

        protected override optim.Optimizer Create(IReadOnlyList<TorchSharp.Modules.Parameter> parameters) => Make(parameters);
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        public Holder(TorchSharp.Modules.Parameter weight)
            : base(nameof(Holder)) => register_parameter("weight", weight);

        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Source(string name, Func<IEnumerable<Batch>> batches) : IBatchSource
    {
        public string Name => name;

        public long? SampleCount => null;

        public Action<BatchRequest>? Asked { get; init; }

        public IEnumerable<Batch> Read(BatchRequest request)
        {
            Asked?.Invoke(request);
            return batches();
        }
    }
}
