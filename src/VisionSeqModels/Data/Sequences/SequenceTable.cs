using System.Globalization;
using System.Text;
using CsvHelper;
using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Reads sequences from a CSV file with a header and a row for each step.</summary>
/// <remarks>The file is text in UTF-8 (or UTF-16 with its mark), with the line ends of any system; fields may stand in quotes,
/// as RFC 4180 has them. White space around a field and empty lines do not count. See <see cref="SequenceTableOptions"/> for
/// what the columns are.</remarks>
public static class SequenceTable
{
    /// <summary>Reads a table and divides it into a training part and a test part.</summary>
    /// <param name="path">The CSV file.</param>
    /// <param name="options">What the columns are.</param>
    /// <returns>Data in memory. Classes are sorted: as whole numbers where all are, else by ordinal.</returns>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    /// <exception cref="DatasetNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetFormatException">The file has faults, or leaves a part without samples; the message has every
    /// fault with its line, or the first twenty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SequenceDatasets Load(string path, SequenceTableOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (!File.Exists(path))
        {
            throw new DatasetNotFoundException($"'{Path.GetFullPath(path)}' is not there. Name the CSV file of the sequences.");
        }

        using var stream = File.OpenRead(path);
        return Read(stream, path, options);
    }

    /// <summary>Reads a table from a stream.</summary>
    internal static SequenceDatasets Read(Stream stream, string path, SequenceTableOptions options)
    {
        var faults = new TableFaults(path);
        var table = new TableReader(options, faults);
        try
        {
            using var text = new StreamReader(
                stream,
                new UTF8Encoding(false, throwOnInvalidBytes: true),
                true,
                -1,
                leaveOpen: true
            );
            table.Read(text);
        }
        catch (Exception e) when (e is DecoderFallbackException || e.InnerException is DecoderFallbackException)
        {
            faults.Add("it is no text in UTF-8");
            faults.ThrowIfAny();
        }
        catch (CsvHelperException e)
        {
            faults.Add($"it is no CSV file: {e.Message.Split('\n')[0].Trim()}");
            faults.ThrowIfAny();
        }

        TableCheck.Run(table, options, faults);
        faults.ThrowIfAny();
        return Build(table, options, faults);
    }

    private static SequenceDatasets Build(TableReader table, SequenceTableOptions options, TableFaults faults)
    {
        var series = table.Series;
        int features = table.Columns.Features.Length;
        var parts = new TableParts(series, options);
        if (parts.Train.Count == 0 || parts.Test.Count == 0)
        {
            faults.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its {series.Count} sequences give {parts.Train.Count} samples for training and {parts.Test.Count} for "
                        + $"testing ({parts.LeftOut} are left out), but each part needs one: take another TestFraction, Split, "
                ) + "Window or Horizon, or more data"
            );
            faults.ThrowIfAny();
        }

        foreach (var one in series)
        {
            MissingFill.FromSequence(one, features, options.Missing);
        }

        var training = FeatureMoments.Of(
            [.. series.Select((one, i) => (ReadOnlyMemory<float>)one.Features.AsMemory(0, parts.TrainingSteps(i) * features))],
            features
        );
        foreach (int empty in training.Empty)
        {
            faults.Add($"the column {TableFaults.Quote(table.Columns.FeatureNames[empty])} has no value in the training part");
        }

        faults.ThrowIfAny();
        foreach (var one in series)
        {
            MissingFill.FromTraining(one, features, training);
        }

        return Datasets(table, options, parts, options.Normalize ? training.Normalization : null);
    }

    private static SequenceDatasets Datasets(
        TableReader table,
        SequenceTableOptions options,
        TableParts parts,
        FeatureNormalization? normalization
    )
    {
        var targets = new TableTargets(table, options);
        var train = targets.Of(parts.Train);
        var settings = new SequenceDatasetOptions
        {
            Name = options.Name,
            FeatureNames = table.Columns.FeatureNames,
            ClassNames = options.Class is null ? null : targets.ClassNames,
            Normalization = normalization,
            TargetNormalization = options.Normalize && options.Class is null ? train.Moments().Normalization : null,
            Bucketing = options.Bucketing,
        };
        SequenceDataset Set(List<TableSample> samples, SequenceTargets own) =>
            new(
                [.. samples.Select(one => new SequenceSpan(table.Series[one.Series].Features, one.Begin, one.Length))],
                table.Columns.Features.Length,
                own,
                settings
            );
        return new SequenceDatasets(Set(parts.Train, train), Set(parts.Test, targets.Of(parts.Test)))
        {
            LeftOutCount = parts.LeftOut,
        };
    }
}
