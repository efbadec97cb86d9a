using System.Globalization;
using VisionSeqModels.Tests.Studies.Ledger;

namespace VisionSeqModels.Tests;

/// <summary>Network namespaces of this machine as the hosts of <c>mpirun</c>. Instead of ssh it has a script that enters the
/// namespace. Each has a folder of its own for temporary files, as machines have: else the daemons of a job that ends would
/// delete those of the next one.</summary>
internal sealed class MpiHosts : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RoundHosts _hosts;

    public MpiHosts(int count)
    {
        _hosts = new RoundHosts(count);
        string name = _hosts[0][..^1];
        File.WriteAllText(
            Agent,
            $$"""
            #!/bin/sh
            host=$1
            shift
            PATH=$PATH:/usr/sbin:/sbin
            TMPDIR={{_folder.Root}}/$host
            mkdir -p "$TMPDIR"
            export PATH TMPDIR OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
            exec ip netns exec "{{name}}$((${host##*.} - 1))" sh -c "$*"

            """
        );
        RoundHosts.Shell($"chmod +x '{Agent}'");
    }

    private string Agent => _folder["agent"];

    /// <summary>The arguments of <c>mpirun</c>.</summary>
    public IEnumerable<string> Arguments(int count, int ranksOfEach)
    {
        string each = ranksOfEach.ToString(CultureInfo.InvariantCulture);
        string file = _folder[$"hosts{count}"];
        File.WriteAllLines(file, Enumerable.Range(0, count).Select(host => $"{_hosts.AddressOf(host)} slots={each}"));
        string[] settings =
        [
            "plm rsh",
            $"plm_rsh_agent {Agent}",
            "plm_rsh_no_tree_spawn 1",
            "btl tcp,self",
            $"btl_tcp_if_include {_hosts.Network}",
            $"oob_tcp_if_include {_hosts.Network}",
        ];
        return
        [
            "--hostfile",
            file,
            "-n",
            (count * ranksOfEach).ToString(CultureInfo.InvariantCulture),
            "--bind-to",
            "none",
            "-x",
            "OMP_WAIT_POLICY",
            "-x",
            "TERM",
            .. settings.SelectMany(setting => (string[])["--mca", .. setting.Split(' ', 2)]),
        ];
    }

    /// <summary>Waits until no host runs anything: the daemons of a job outlive it for a moment.</summary>
    public void WaitUntilIdle()
    {
        for (int i = 0; i < _hosts.Count; i++)
        {
            string ended = $"[ -z \"$(ip netns pids {_hosts[i]})\" ]";
            RoundHosts.Shell($"for t in $(seq 300); do {ended} && exit 0; sleep 0.1; done; exit 1");
        }
    }

    public void Dispose()
    {
        _hosts.Dispose();
        _folder.Dispose();
    }
}
