using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with studies, by the ids of docs/errors.md.</summary>
internal static class StudyErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("study-settings", _ => StudyPlan.List<int>()),
            ("study-names", _ => StudyPlan.List(("a", 1), ("a", 2))),
            ("study-missing", folder => Study.Open(folder.Root)),
            (
                "study-format",
                folder =>
                {
                    File.WriteAllText(folder["study.json"], """{"format": 9}""");
                    Study.Open(folder.Root);
                }
            ),
            (
                "study-damaged",
                folder =>
                {
                    File.WriteAllText(folder["study.json"], "[]");
                    Study.Open(folder.Root);
                }
            ),
            (
                "study-monitor",
                folder =>
                {
                    RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_loss");
                    RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_accuracy");
                }
            ),
            (
                "study-factors",
                folder =>
                {
                    RunStudy(folder, StudyPlan.From(0.1).Vary("rate", [0.1], (_, value) => value).OneAtATime(), "train_loss");
                    RunStudy(folder, StudyPlan.From(0.1).Vary("rate", [0.2], (_, value) => value).OneAtATime(), "train_loss");
                }
            ),
            (
                "study-parallel",
                folder => RunStudy(folder, StudyPlan.List(("a", 0.1)), "train_loss", new StudyOptions { ParallelTrials = 2 })
            ),
            (
                "study-disk",
                folder =>
                    RunStudy(
                        folder,
                        StudyPlan.List(("a", 0.1)),
                        "train_loss",
                        make: () =>
                        {
                            File.Delete(folder["study/study.json"]);
                            Directory.CreateDirectory(folder["study/study.json/in-the-way"]);
                            throw new InvalidOperationException("a trial that fails");
                        }
                    )
            ),
            ("study-no-factor", _ => StudyPlan.From(0.1).Grid()),
            (
                "study-factor-twice",
                _ => StudyPlan.From(0.1).Vary("rate", [0.1], (_, value) => value).Vary("rate", [0.2], (_, value) => value)
            ),
            ("study-range", _ => StudyPlan.From(0.1).VaryUniform("rate", 0.1, 1, (_, value) => value).Grid()),
            ("study-range-ends", _ => StudyPlan.From(0.1).VaryUniform("rate", 1, 0.1, (_, value) => value)),
            (
                "study-random-count",
                _ => StudyPlan.From(0.1).Vary("rate", [0.1, 0.2], (_, value) => value).Random(count: 3, seed: 1)
            ),
            (
                "study-random-narrow",
                _ => StudyPlan.From(0.1).VaryUniform("rate", 1, 1.1, (_, value) => value).Random(count: 30, seed: 1)
            ),
        ];

    private static void RunStudy(
        TempFolder folder,
        StudyPlan<double> plan,
        string monitor,
        StudyOptions? options = null,
        Func<StudyTrial>? make = null
    )
    {
        make ??= () => new StudyTrial { Model = TinyModel.Create(), Options = TrainingErrors.Options };
        Study.Run(
            folder["study"],
            plan,
            (_, _) => make(),
            new FitData { Train = new TinyData(16) },
            (options ?? new StudyOptions()) with
            {
                Monitor = monitor,
            }
        );
    }
}
