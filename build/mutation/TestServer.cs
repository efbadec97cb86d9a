using System.Reflection;
using Xunit.v3;

[assembly: TestFramework(typeof(VisionSeqModels.Tests.SelectedClasses))]

namespace Xunit.Abstractions
{
    /// <summary>So that sources which name the namespace of xunit's older version compile with the newer one.</summary>
    internal interface INothing;
}

namespace VisionSeqModels.Tests
{
    /// <summary>The program that dotnet-stryker asks for tests.</summary>
    internal static class TestServer
    {
        public static int Run(string[] args) =>
            args.Contains("--server") || args.Contains("--help")
                ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, (_, _) => { }).GetAwaiter().GetResult()
                : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
    }

    /// <summary>Looks for tests in the namespaces of VISIONSEQ_MUTATION_TESTS alone, without those after a minus. xunit looks
    /// through the whole assembly for each changed source, which takes longer than the tests.</summary>
    public sealed class SelectedClasses : XunitTestFramework
    {
        /// <inheritdoc/>
        protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
            new Discoverer(new XunitTestAssembly(assembly, configFilePath: null, assemblyName: null));

        private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
        {
            private static Func<string, bool> Starts(Type type, string sign) =>
                one => (sign + type.FullName).StartsWith(one, StringComparison.Ordinal);

            protected override Type[] GetExportedTypes()
            {
                string[] chosen =
                    Environment.GetEnvironmentVariable("VISIONSEQ_MUTATION_TESTS")?.Split(';') ?? ["VisionSeqModels."];
                return [.. base.GetExportedTypes().Where(t => chosen.Any(Starts(t, "")) && !chosen.Any(Starts(t, "-")))];
            }
        }
    }
}
