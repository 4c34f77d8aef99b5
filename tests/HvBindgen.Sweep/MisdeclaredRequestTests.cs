using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Sweep;

/// <summary>The list of requests that macros declare wrongly, against the kernel's own headers.</summary>
public sealed class MisdeclaredRequestTests
{
    // Records that the headers leave to their users, or to other headers.
    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal)
    {
        "struct ifconf", "struct ifreq", "struct kvm_ppc_compat_caps", "struct kvm_reinject_control", "struct serial_icounter_struct",
        "struct serial_rs485", "struct serial_struct", "struct termio", "struct termios", "struct winsize",
    };

    // A header's requests of one machine are named by it, those of x86_64 and of all machines first.
    private static readonly TargetInfo[] Targets =
        [.. ((string[])["x86_64", "arm64", "ppc64le", "s390x"]).Select(name => TargetInfo.Find(name)!)];

    [Fact]
    public void Every_line_of_the_list_names_a_request_of_its_header_and_a_type_that_it_has()
    {
        Compiler gcc = Judges.GccOf(Targets[0]);
        HeaderFolder[] folders = [.. Targets.Select(target => HeaderFolder.Find(target, gcc))];
        LibClangLocator.Load();
        List<string> faults = [];
        foreach (IGrouping<string, KeyValuePair<(string Header, string Name), IoctlUse>> header in
            MisdeclaredRequests.ByName.GroupBy(entry => entry.Key.Header))
        {
            Dictionary<string, string> left = [];
            (string Name, IoctlUse Use)[] asked = [.. header.Select(entry => (entry.Key.Name, entry.Value))];
            for (int index = 0; index < Targets.Length && asked.Length > 0; index++)
            {
                left = FaultsOf(header.Key, asked, Targets[index], folders[index]);
                asked = [.. asked.Where(request => left.ContainsKey(request.Name))];
            }

            faults.AddRange(left.Values);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // By the name of the request.
    private static Dictionary<string, string> FaultsOf(
        string header, IReadOnlyList<(string Name, IoctlUse Use)> requests, TargetInfo target, HeaderFolder folder)
    {
        Dictionary<string, string> faults = new(StringComparer.Ordinal);
        BindingSet set;
        AbiModel model;
        try
        {
            set = folder.SetOf(header, "Sweep", target) with { Headers = ["linux/major.h", header], NumberRequests = ["*"] };
            model = HeaderParser.Parse(set.ToParseRequest(target)).Model;
        }
        catch (HeaderParseException)
        {
            // It needs what a C library declares: its text is asked instead.
            string text = File.ReadAllText(folder.IncludePaths.Select(path => Path.Combine(path, header)).First(File.Exists));
            return requests.Select(request => request.Name)
                .Where(name => !text.Contains($"#define {name}\t", StringComparison.Ordinal)
                    && !text.Contains($"#define {name} ", StringComparison.Ordinal))
                .ToDictionary(name => name, name => $"{header} does not define {name}");
        }

        foreach ((string name, IoctlUse use) in requests)
        {
            bool isKnown = model.Ioctls.Any(ioctl => ioctl.Name == name && set.IoctlUses.Of(ioctl) == use)
                || model.Macros.Any(macro => macro.Name == name && set.IoctlUses.Of(macro) == use
                    && FunctionRequest.Of(macro, target) is not null);
            if (!isKnown)
            {
                faults[name] = $"{header} has no request {name}";
            }

            string type = use.Argument?.ToString() ?? "";
            if (type.StartsWith("struct ", StringComparison.Ordinal) && !Elsewhere.Contains(type)
                && !model.Records.Any(record => record.CName == type))
            {
                faults[name] = $"{header}, {name}: there is no {type}";
            }
        }

        return faults;
    }
}
