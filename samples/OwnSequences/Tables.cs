using System.Globalization;

namespace VisionSeqModels.Samples.OwnSequences;

/// <summary>The CSV files: those of <c>--data-dir</c>, or drawn ones in the run folder.</summary>
internal sealed class Tables
{
    private readonly string _folder;

    public Tables(SampleRun run)
    {
        var arguments = run.Arguments;
        if (arguments.Data is not ("auto" or "synthetic"))
        {
            throw new ArgumentException(
                $"This sample reads CSV files from --data-dir, or draws them (--data synthetic), but --data is {arguments.Data}."
            );
        }

        bool isDrawn = arguments.Data == "synthetic" || arguments.DataDirectory is null;
        Source = isDrawn ? "synthetic" : "table";
        _folder = isDrawn ? run.RunDirectory : arguments.DataDirectory!;
        if (isDrawn)
        {
            Console.WriteLine("Data: drawn tables; --data-dir names a folder with your own.");
            Directory.CreateDirectory(_folder);
            Write(
                "gestures",
                ["person", "gesture", "time", "x", "y", "label"],
                Gestures(arguments.Quick ? 8 : 24, arguments.Seed)
            );
            Write("sine", ["time", "y"], Sine(arguments.Quick ? 400 : 2000, arguments.Seed));
            Write("plant", ["time", "temperature", "sun", "pressure"], Plant(arguments.Quick ? 400 : 3000, arguments.Seed));
        }
    }

    /// <summary>What run.json names as the source.</summary>
    public string Source { get; }

    public string Path(string name) => System.IO.Path.Combine(_folder, name + ".csv");

    private void Write(string name, string[] columns, IEnumerable<object[]> rows) => CsvFile.Write(Path(name), columns, rows);

    /// <summary>Paths of a hand: a circle, a line, a zigzag or a shaking, each as fast, as large and as long as it happens to
    /// be.</summary>
    private static IEnumerable<object[]> Gestures(int persons, long seed)
    {
        string[] labels = ["circle", "line", "shake", "zigzag"];
        var random = new Random((int)seed);
        for (int gesture = 0; gesture < persons * 24; gesture++)
        {
            string label = labels[gesture % labels.Length];
            int steps = random.Next(15, 70);
            double size = Between(random, 0.6, 1.4),
                phase = Between(random, 0, 2 * Math.PI),
                turns = Between(random, 1, 2.5);
            for (int step = 0; step < steps; step++)
            {
                double at = (double)step / steps,
                    angle = (2 * Math.PI * turns * at) + phase;
                var (x, y) = label switch
                {
                    "circle" => (Math.Cos(angle), Math.Sin(angle)),
                    "line" => ((2 * at) - 1, Math.Sin(phase) * ((2 * at) - 1)),
                    "shake" => (Math.Sin(3 * angle), 0.2 * Math.Cos(phase)),
                    _ => ((2 * at) - 1, (4 * Math.Abs((3 * turns * at % 1) - 0.5)) - 1),
                };
                yield return
                [
                    $"person{gesture / 24}",
                    gesture,
                    step,
                    Text((size * x) + Noise(random, 0.1)),
                    Text((size * y) + Noise(random, 0.1)),
                    label,
                ];
            }
        }
    }

    /// <summary>A sine of period 25 with noise.</summary>
    private static IEnumerable<object[]> Sine(int steps, long seed)
    {
        var random = new Random((int)seed);
        for (int step = 0; step < steps; step++)
        {
            yield return [step, Text(Math.Sin(2 * Math.PI * step / 25) + Noise(random, 0.15))];
        }
    }

    /// <summary>A greenhouse hour by hour: the sun heats it, the weather changes slowly and the pressure says so before. Some
    /// hours lack their pressure.</summary>
    private static IEnumerable<object[]> Plant(int hours, long seed)
    {
        var random = new Random((int)seed);
        double temperature = 15;
        double[] pressure = new double[hours + 1];
        for (int hour = 0; hour < hours; hour++)
        {
            pressure[hour + 1] = (0.98 * pressure[hour]) + Noise(random, 0.2);
            double sun = Math.Max(0, Math.Sin(2 * Math.PI * ((hour % 24) - 6) / 24)) * (1 + (0.3 * Math.Tanh(pressure[hour])));
            double outside = 8 + (4 * Math.Tanh(pressure[Math.Max(0, hour - 6)]));
            temperature += (0.15 * (outside - temperature)) + (3.5 * sun) + Noise(random, 0.3);
            var time = new DateTime(2024, 1, 1).AddHours(hour);
            yield return
            [
                time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                Text(temperature),
                Text(sun),
                random.Next(50) == 0 ? "" : Text(1013 + (5 * pressure[hour])),
            ];
        }
    }

    private static string Text(double value) => value.ToString("f4", CultureInfo.InvariantCulture);

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    /// <summary>A normally distributed number.</summary>
    private static double Noise(Random random, double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
