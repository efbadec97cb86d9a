using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Network namespaces of this machine as hosts, on one bridge; the machine itself is one more of its addresses. It needs
/// root, iproute2 and nftables.</summary>
internal sealed partial class RoundHosts : IDisposable
{
    private const string Table = "inet visionseq";
    private static readonly Lazy<string?> WhyNot = new(Try);
    private static readonly Lazy<bool> HasDelay = new(TryDelay);
    private static int _made;

    /// <summary>The kernel may keep a name for a while after its end, so no two groups of hosts have the same.</summary>
    private readonly string _name = Name(
        string.Create(CultureInfo.InvariantCulture, $"h{Interlocked.Increment(ref _made) % 100}n")
    );
    private readonly string _network;

    public RoundHosts(int count)
    {
        EndThoseLeftBehind();
        int number = Environment.ProcessId;
        _network = string.Create(CultureInfo.InvariantCulture, $"10.{64 + (number % 128)}.{number / 128 % 256}");
        try
        {
            Create(count);
        }
        catch (InvalidOperationException)
        {
            Dispose();
            throw;
        }
    }

    private void Create(int count)
    {
        Shell($"ip link add {_name}b type bridge && ip addr add {Address}/24 dev {_name}b && ip link set {_name}b up");
        for (int i = 0; i < count; i++)
        {
            Count++;
            Shell(
                $"ip netns add {this[i]} && ip link add {this[i]}v type veth peer name eth0 netns {this[i]} && "
                    + $"ip link set {this[i]}v master {_name}b up && "
                    + $"ip -n {this[i]} addr add {_network}.{i + 1}/24 dev eth0 && "
                    + $"ip -n {this[i]} link set eth0 up && ip -n {this[i]} link set lo up"
            );
        }
    }

    /// <summary>Why there can be no such hosts here; null where there can.</summary>
    public static string? Missing => WhyNot.Value;

    public int Count { get; private set; }

    /// <summary>This machine, as the hosts see it.</summary>
    public string Address => $"{_network}.254";

    /// <summary>The network of all hosts.</summary>
    public string Network => $"{_network}.0/24";

    /// <summary>A host's address.</summary>
    public string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"{_network}.{host + 1}");

    /// <summary>A host's name.</summary>
    public string this[int host] => string.Create(CultureInfo.InvariantCulture, $"{_name}{host}");

    /// <summary>Drops every packet from and to a host.</summary>
    public void CutOff(int host) => Drop(host, "");

    /// <summary>Loses a part of a host's packets, and delays the others: by netem, or else by a slow line with a queue.</summary>
    public void Disturb(int host, int percent)
    {
        Drop(host, string.Create(CultureInfo.InvariantCulture, $"numgen random mod 100 < {percent}"));
        Shell(
            $"ip netns exec {this[host]} tc qdisc add dev eth0 root "
                + (HasDelay.Value ? "netem delay 80ms 40ms" : "tbf rate 400kbit burst 4kb latency 800ms")
        );
    }

    /// <summary>Ends what was done to a host's network.</summary>
    public void Restore(int host) =>
        Shell($"ip netns exec {this[host]} sh -c 'nft delete table {Table}; tc qdisc del dev eth0 root 2> /dev/null; true'");

    public static string DelayBy => HasDelay.Value ? "netem" : "a slow line (this kernel has no netem)";

    public void Dispose()
    {
        // A namespace takes its links along only after a while; a link that is deleted is gone at once.
        string[] ends =
        [
            .. Enumerable.Range(0, Count).SelectMany(i => new[] { $"ip link del {this[i]}v", $"ip netns del {this[i]}" }),
        ];
        foreach (string end in ends.Append($"ip link del {_name}b"))
        {
            Attempt(end);
        }
    }

    public static void Shell(string command)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", command])
            {
                RedirectStandardError = true,
                Environment = { ["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin" },
            }
        )!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}: {error}");
        }
    }

    private void Drop(int host, string which)
    {
        string rules = string.Concat(
            new[] { "input", "output" }.Select(hook =>
                $"add chain {Table} {hook} {{ type filter hook {hook} priority 0; }}; add rule {Table} {hook} {which} drop; "
            )
        );
        Shell($"ip netns exec {this[host]} nft 'add table {Table}; {rules}'");
    }

    private static string Name(string what) =>
        string.Create(CultureInfo.InvariantCulture, $"vs{Environment.ProcessId % 1000000}{what}");

    /// <summary>Namespaces and bridges of a test run that was killed.</summary>
    private static void EndThoseLeftBehind()
    {
        const string Namespaces = "/run/netns";
        string[] namespaces = Directory.Exists(Namespaces) ? Directory.GetFiles(Namespaces) : [];
        foreach (string name in namespaces.Select(path => Path.GetFileName(path)).Where(IsLeftBehind))
        {
            Attempt($"ip netns del {name}");
        }

        foreach (
            string name in Directory.GetDirectories("/sys/class/net").Select(path => Path.GetFileName(path)).Where(IsLeftBehind)
        )
        {
            Attempt($"ip link del {name}");
        }
    }

    private static bool IsLeftBehind(string name) =>
        Own().Match(name) is { Success: true } match
        && !LeftBehind.IsAlive(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("^vs([0-9]{1,6})[htd]")]
    private static partial Regex Own();

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Network namespaces need Linux and root.";
        }

        string name = Name("t");
        try
        {
            Shell(
                $"ip netns add {name} && ip netns exec {name} nft 'add table {Table}' && ip link add {name}b type bridge && "
                    + $"ip link del {name}b"
            );
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"Network namespaces, bridges and nftables are needed (on Debian: iproute2, nftables). {e.Message.Trim()}";
        }
        finally
        {
            Attempt($"ip netns del {name}");
        }
    }

    private static bool TryDelay()
    {
        string name = Name("d");
        Shell($"ip netns add {name}");
        try
        {
            return Attempt($"ip netns exec {name} tc qdisc add dev lo root netem delay 1ms");
        }
        finally
        {
            Shell($"ip netns del {name}");
        }
    }

    private static bool Attempt(string command)
    {
        try
        {
            Shell(command);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
