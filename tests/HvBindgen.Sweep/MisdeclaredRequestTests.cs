using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Sweep;

/// <summary>The list of requests that macros declare wrongly, against the kernel's own headers.</summary>
public sealed class MisdeclaredRequestTests
{
    // Records that the headers leave to their users, or to other headers.
    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal)
    {
        "struct ifconf", "struct ifreq", "struct kvm_reinject_control", "struct serial_icounter_struct", "struct serial_rs485",
        "struct serial_struct", "struct termio", "struct termios", "struct winsize",
    };

    [Fact]
    public void Every_line_of_the_list_names_a_request_of_its_header_and_a_type_that_it_has()
    {
        TargetInfo target = TargetInfo.Find("x86_64")!;
        HeaderFolder folder = HeaderFolder.Find(target, Judges.GccOf(target));
        LibClangLocator.Load();
        List<string> faults = [];
        foreach (IGrouping<string, KeyValuePair<(string Header, string Name), IoctlUse>> header in
            MisdeclaredRequests.ByName.GroupBy(entry => entry.Key.Header))
        {
            BindingSet set = folder.SetOf(header.Key, "Sweep", target) with
            {
                Headers = ["linux/major.h", header.Key],
                NumberRequests = ["*"],
            };
            AbiModel model;
            try
            {
                model = HeaderParser.Parse(set.ToParseRequest(target)).Model;
            }
            catch (HeaderParseException)
            {
                // It needs what a C library declares: its text is asked instead.
                string text = File.ReadAllText(folder.IncludePaths.Select(path => Path.Combine(path, header.Key)).First(File.Exists));
                faults.AddRange(header.Select(entry => entry.Key.Name)
                    .Where(name => !text.Contains($"#define {name}\t", StringComparison.Ordinal)
                        && !text.Contains($"#define {name} ", StringComparison.Ordinal))
                    .Select(name => $"{header.Key} does not define {name}"));
                continue;
            }

            foreach (((_, string name), IoctlUse use) in header)
            {
                bool isKnown = model.Ioctls.Any(ioctl => ioctl.Name == name && set.IoctlUses.Of(ioctl) == use)
                    || model.Macros.Any(macro => macro.Name == name && set.IoctlUses.Of(macro) == use
                        && FunctionRequest.Of(macro, target) is not null);
                if (!isKnown)
                {
                    faults.Add($"{header.Key} has no request {name}");
                }

                string type = use.Argument?.ToString() ?? "";
                if (type.StartsWith("struct ", StringComparison.Ordinal) && !Elsewhere.Contains(type)
                    && !model.Records.Any(record => record.CName == type))
                {
                    faults.Add($"{header.Key}, {name}: there is no {type}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
