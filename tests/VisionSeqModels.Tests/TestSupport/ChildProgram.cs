using System.Globalization;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests;

/// <summary>What this assembly does as a program of its own: a training run for another process to kill.</summary>
internal static class ChildProgram
{
    public const string Ready = "READY";
    public const string Done = "DONE ";

    public static int Main(string[] args)
    {
        var scenario = ResumeScenario.Parse(args[0]) with { Epochs = int.Parse(args[2], CultureInfo.InvariantCulture) };
        Console.WriteLine(Done + scenario.Run(args[1], new SaysWhenItSteps()));
        return 0;
    }

    private sealed class SaysWhenItSteps : Callback
    {
        private bool _said;

        public override void OnStepEnd(StepEndEvent e)
        {
            if (!_said)
            {
                Console.WriteLine(Ready);
                _said = true;
            }
        }
    }
}
