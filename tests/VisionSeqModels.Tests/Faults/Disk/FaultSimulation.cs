namespace VisionSeqModels.Tests.Faults;

/// <summary>Does a piece of work once undisturbed, and then again for every call of the disk and everything that can happen
/// there.</summary>
/// <param name="scenario">The work.</param>
/// <param name="makeDisk">Makes the disk; tests plant bugs in it.</param>
internal sealed class FaultSimulation(FaultScenario scenario, Func<string, DiskImage, DiskPlan, SimulatedDisk> makeDisk)
    : IDisposable
{
    private const int MostFailures = 10;
    private static readonly string Place = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
    private readonly string _folder = Path.Combine(Place, "visionseq-" + Guid.NewGuid().ToString("n"));
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, Crash> _crashes = new(StringComparer.Ordinal);
    private readonly List<(DiskOperation Operation, DiskFault Fault)> _faults = [];
    private readonly List<(int At, DiskPromise Promise)> _promises = [];
    private IReadOnlyList<string> _expected = [];

    public FaultSimulation(FaultScenario scenario)
        : this(scenario, (folder, image, plan) => new SimulatedDisk(folder, image) { Planned = plan.Planned, Watch = plan.Watch })
    { }

    /// <summary>The calls of the disk, undisturbed.</summary>
    public int Operations { get; private set; }

    /// <summary>The faults of calls in a process that lives on.</summary>
    public int Faults => _faults.Count;

    /// <summary>The instants at which the process ends or the power is cut, by all kinds of loss.</summary>
    public int Crashes { get; private set; }

    /// <summary>The disks after them that differ.</summary>
    public int Images => _crashes.Count;

    /// <summary>Those that were tried.</summary>
    public int Tried { get; private set; }

    /// <summary>What went wrong, each with its case's name; no more than ten.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Does the work undisturbed, twice, and lists the cases.</summary>
    public void List()
    {
        SimulatedDisk? disk = null;
        using (disk = makeDisk(_folder, scenario.Begin(), new DiskPlan(null, (call, inMiddle) => Note(disk!, call, inMiddle))))
        {
            scenario.Run(disk);
            Note(disk, new DiskOperation(disk.Operations.Count, DiskCall.Unlock, "(the end)"), inMiddle: false);
        }

        _expected = scenario.Result(_folder);
        Operations = disk.Operations.Count;
        _faults.AddRange(
            from operation in disk.Operations
            from fault in operation.Faults
            where !scenario.IsLeftOut(operation, fault)
            select (operation, fault)
        );
        using (var again = makeDisk(_folder, scenario.Begin(), new DiskPlan(null, null)))
        {
            scenario.Run(again);
            Assert.Equal(disk.Operations, again.Operations);
            Assert.Empty(again.StillOpen);
        }

        Assert.Equal(_expected, scenario.Result(_folder));
    }

    /// <summary>Tries cases.</summary>
    /// <param name="chosen">Which ones, by their numbers from 0; there are <see cref="Faults"/> and <see cref="Images"/>.</param>
    public void Try(Func<int, bool> chosen)
    {
        int number = 0;
        foreach (var (operation, fault) in _faults)
        {
            if (chosen(number++))
            {
                Try($"{scenario.Name}/{operation}/{fault}", () => Fail(operation, fault));
            }
        }

        foreach (var crash in _crashes.Values)
        {
            if (chosen(number++))
            {
                Try($"{scenario.Name}/{crash.Names[0]}", () => Restart(crash));
            }
        }
    }

    /// <summary>Tries one case.</summary>
    public void TryOnly(string name)
    {
        foreach (var (operation, fault) in _faults.Where(one => $"{scenario.Name}/{one.Operation}/{one.Fault}" == name))
        {
            Try(name, () => Fail(operation, fault));
        }

        foreach (var crash in _crashes.Values.Where(one => one.Names.Any(known => $"{scenario.Name}/{known}" == name)))
        {
            Try(name, () => Restart(crash));
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Notes what a process that ends here, or a power cut, leaves.</summary>
    private void Note(SimulatedDisk disk, DiskOperation operation, bool inMiddle)
    {
        while (_promises.Count < disk.Promises.Count)
        {
            _promises.Add((operation.Number, disk.Promises[_promises.Count]));
        }

        foreach (var cut in Enum.GetValues<PowerCut>())
        {
            var image = disk.Image(cut, operation.Number);
            string sum = image.Sum,
                name = $"{operation}{(inMiddle ? " half" : "")}/{(cut == PowerCut.None ? "Ends" : $"PowerCut{cut}")}";
            Crashes++;
            if (!_crashes.TryGetValue(sum, out var crash))
            {
                _crashes[sum] = crash = new Crash(image);
            }

            crash.Names.Add(name);
            crash.Promises = _promises.Count;
        }
    }

    private void Try(string name, Func<string?> attempt)
    {
        if (_failures.Count >= MostFailures)
        {
            return;
        }

        Tried++;
        string? failure;
        try
        {
            failure = attempt();
        }
        catch (Exception e)
        {
            failure = e.ToString();
        }

        if (failure is not null)
        {
            _failures.Add($"VISIONSEQ_FAULT_CASE='{name}': {failure}");
        }
    }

    /// <summary>The same work, of which one call fails. What it could not complete, the next one completes.</summary>
    private string? Fail(DiskOperation operation, DiskFault fault)
    {
        DiskImage after,
            afterPowerCut;
        Exception? thrown = null;
        SimulatedDisk disk;
        using (disk = makeDisk(_folder, scenario.Begin(), new DiskPlan((operation, fault), null)))
        {
            try
            {
                scenario.Run(disk);
            }
            catch (Exception e)
            {
                thrown = e;
            }

            (after, afterPowerCut) = (disk.Image(PowerCut.None), disk.Image(PowerCut.Everything));
        }

        if (!disk.HasFailed)
        {
            return disk.Difference ?? "the call that was to fail was not made";
        }

        if (thrown is not null && !scenario.IsDocumented(thrown))
        {
            return $"throws what is not documented: {thrown}";
        }

        if (disk.StillOpen.Count > 0)
        {
            return $"left open: {string.Join(", ", disk.StillOpen)}";
        }

        // A system that cannot flush a folder, and says so, cannot be helped.
        return (operation.Call == DiskCall.FlushFolder ? null : Broken(afterPowerCut, disk.Promises))
            ?? Broken(after, disk.Promises)
            ?? (thrown is null ? Difference() : Continue(after));
    }

    private string? Restart(Crash crash) =>
        Broken(crash.Image, [.. _promises.Take(crash.Promises).Select(promise => promise.Promise)]) ?? Continue(crash.Image);

    /// <summary>What is on the disk must be whole, and have what was promised.</summary>
    private string? Broken(DiskImage image, IReadOnlyList<DiskPromise> promises)
    {
        image.WriteTo(_folder);
        if (scenario.HalfFiles(_folder).ToList() is { Count: > 0 } half)
        {
            return string.Join("; ", half);
        }

        var broken = promises.Where(promise => !promise.Holds(_folder)).Select(promise => promise.What).ToList();
        return broken.Count == 0 ? null : $"lost, though it was said to be saved: {string.Join("; ", broken)}";
    }

    private string? Continue(DiskImage image)
    {
        using (var disk = makeDisk(_folder, image, new DiskPlan(null, null)))
        {
            scenario.Run(disk);
        }

        return Difference();
    }

    private string? Difference()
    {
        var found = scenario.Compared(scenario.Result(_folder), _folder);
        var expected = scenario.Compared(_expected, _folder);
        return found.SequenceEqual(expected)
            ? null
            : $"ends otherwise: {string.Join(" ", found.Except(expected))} instead of {string.Join(" ", expected.Except(found))}";
    }

    /// <summary>A disk as it is found after an end of the process or of the power.</summary>
    private sealed class Crash(DiskImage image)
    {
        public DiskImage Image => image;

        /// <summary>The instants that leave it.</summary>
        public List<string> Names { get; } = [];

        /// <summary>How many promises had been given by the last of them.</summary>
        public int Promises { get; set; }
    }
}

/// <summary>What a disk is to do.</summary>
/// <param name="Planned">The call that is to fail.</param>
/// <param name="Watch">Called before and in the middle of calls.</param>
internal sealed record DiskPlan((DiskOperation Operation, DiskFault Fault)? Planned, Action<DiskOperation, bool>? Watch);
