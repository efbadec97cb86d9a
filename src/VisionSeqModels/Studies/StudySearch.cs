using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>What a plan searches, and how: the settings are known only while the study runs.</summary>
internal sealed class StudySearch<TSetting>(
    IReadOnlyList<StudyFactor<TSetting>> factors,
    Func<IReadOnlyList<(string Name, StudyFactor<TSetting>.Value Value)>, StudySetting<TSetting>> settingOf,
    int count,
    int seed,
    Func<IStudySampler> sampler
)
{
    /// <summary>How many settings are tried.</summary>
    public int Count => count;

    /// <summary>Begins to search, or continues, in one study.</summary>
    /// <param name="before">The study's record so far, or null.</param>
    /// <exception cref="InvalidOperationException">The record has settings that are not of these factors.</exception>
    public Run Begin(StudyFile? before) => new(this, before);

    /// <summary>A search in one study. One thread at a time uses it. The first setting, at least, is known from the
    /// beginning.</summary>
    internal sealed class Run
    {
        private const int MostTries = 100;
        private const int MostDraws = 1000;
        private readonly StudySearch<TSetting> _search;
        private readonly IReadOnlyList<StudyFactor<TSetting>> _factors;
        private readonly IStudySampler _sampler;
        private readonly StudyDimension[] _space;
        private readonly List<StudySetting<TSetting>> _asked = [];
        private readonly Dictionary<string, double[]> _points = new(StringComparer.Ordinal);

        public Run(StudySearch<TSetting> search, StudyFile? before)
        {
            (_search, _factors) = (search, search.Factors);
            _sampler = search.NewSampler();
            _space = [.. _factors.Select(factor => factor.Dimension)];
            foreach (var trial in before?.Trials.DistinctBy(trial => trial.Setting) ?? [])
            {
                Add([.. _factors.Select(factor => Recorded(factor, trial))]);
            }

            if (_asked.Count == 0)
            {
                Ask();
            }
        }

        /// <summary>The settings that were asked for so far, in order.</summary>
        public IReadOnlyList<StudySetting<TSetting>> Asked => _asked;

        /// <summary>The next setting; null where so many as the plan has were asked for, or all that there are.</summary>
        public StudySetting<TSetting>? Ask()
        {
            if (_asked.Count >= _search.Count)
            {
                return null;
            }

            var random = new Random(SeedOf(_asked.Count));
            for (int tries = 0; tries < MostTries + MostDraws; tries++)
            {
                var point = tries < MostTries ? _sampler.Ask(_space, random) : [.. _space.Select(part => part.Draw(random))];
                Check(point);
                if (Add([.. _factors.Select((factor, i) => factor.At(point[i]))]) is StudySetting<TSetting> setting)
                {
                    return setting;
                }
            }

            return null;
        }

        public void Tell(string setting, double? score) => _sampler.Tell(_points[setting], score);

        /// <summary>Null where it is known.</summary>
        private StudySetting<TSetting>? Add(IReadOnlyList<StudyFactor<TSetting>.Value> values)
        {
            var setting = _search.SettingOf([.. _factors.Zip(values, (factor, value) => (factor.Name, value))]);
            if (!_points.TryAdd(setting.Name, [.. values.Select(value => value.Number)]))
            {
                return null;
            }

            _asked.Add(setting);
            return setting;
        }

        private int SeedOf(int asked) => unchecked((int)SplitMix.Mix(((ulong)(uint)_search.Seed << 32) | (uint)asked));

        private static StudyFactor<TSetting>.Value Recorded(StudyFactor<TSetting> factor, StudyFile.Entry trial) =>
            (trial.Factors.TryGetValue(factor.Name, out string? label) ? factor.OfLabel(label) : null)
            ?? throw new InvalidOperationException(
                $"The study has a setting '{PlainText.Of(trial.Setting)}', but the factor '{PlainText.Of(factor.Name)}' of the "
                    + $"search has no value '{PlainText.Of(label ?? "none")}'. Give the same factors, or another folder."
            );

        private void Check(IReadOnlyList<double> point)
        {
            for (int i = 0; i < _space.Length; i++)
            {
                var part = _space[i];
                double? number = point?.Count == _space.Length ? point[i] : null;
                if (number >= part.From && number <= part.To && (part.Choices is null || double.IsInteger(number.Value)))
                {
                    continue;
                }

                throw new InvalidOperationException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{_sampler.GetType().Name}.Ask must give a number for each factor, {_space.Length} in all, and for "
                            + $"'{PlainText.Of(part.Name)}' "
                            + $"{(part.Choices is null ? "one" : "a whole one")} from {part.From} to {part.To}, but gave "
                            + $"{(number is null ? $"{point?.Count ?? 0} of them" : $"{number}")}."
                    )
                );
            }
        }
    }

    private IReadOnlyList<StudyFactor<TSetting>> Factors => factors;

    private int Seed => seed;

    private IStudySampler NewSampler() =>
        sampler() ?? throw new InvalidOperationException("The search's function gave no sampler, but null. Make one in it.");

    private StudySetting<TSetting> SettingOf(IReadOnlyList<(string Name, StudyFactor<TSetting>.Value Value)> values) =>
        settingOf(values);
}
