using System.Text.RegularExpressions;
using HvBindgen.Generator.Tests.Inspect;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>Every command on terminals of several widths, real ones: no line is wider, and no name or word is cut.</summary>
public sealed partial class NarrowTerminalTests
{
    private const string End = "-- end of a command --";

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_terminal_and_no_word_is_cut(int width)
    {
        // The width that terminals have is asked in each run.
        if (width != 80)
        {
            Requirement.Sweep("each command runs twice");
        }

        using TemporaryFolder folder = Workplace();
        string[][] commands = [.. Commands(folder)];

        string[] narrow = OnTerminal(commands, $"cols {width}");

        for (int index = 0; index < commands.Length; index++)
        {
            Ending wide = CommandLine.Run(commands[index]);
            string shown = Colours().Replace(narrow[index], "");
            string command = string.Join(' ', commands[index]);

            // What has no space, such as a path, cannot be broken.
            Assert.All(
                shown.Split('\n').Where(line => line.Trim().Contains(' ', StringComparison.Ordinal)),
                line => Assert.True(line.Length <= width, $"{command}: {line.Length} columns: {line}"));

            // In this process the tests are the program that help speaks of.
            string text = (wide.Out.Length > 0 ? wide.Out : wide.Error)
                .Replace("  HvBindgen.Generator.Tests ", "  hvbindgen ", StringComparison.Ordinal);
            string[] words = WordsOf(text);
            Assert.DoesNotContain(
                WordsOf(NoRoom().Replace(shown, "")), word => !words.Contains(word) && !KeyOrOffset().IsMatch(word));
            if (!shown.Contains("(no room for: ", StringComparison.Ordinal))
            {
                Assert.Empty(words.Except(WordsOf(shown)));
            }
        }
    }

    [Fact]
    public void A_drawing_says_what_width_all_of_it_needs()
    {
        string[] command = ["show", "hv_x64_memory_intercept_message", "--config", Sets.ConfigurationPath];

        string narrow = OnTerminal([command], "cols 80")[0];
        int needed = int.Parse(Needed().Match(narrow).Groups[1].Value, null);
        string wide = OnTerminal([command], $"cols {needed}")[0];

        Assert.InRange(needed, 81, 250);
        Assert.DoesNotContain("no room for", wide, StringComparison.Ordinal);
        Assert.Contains("needs 56 columns", OnTerminal([command], "cols 50")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LC_ALL=C", true)]
    [InlineData("LC_ALL= LC_CTYPE= LANG=", true)]
    [InlineData("LC_ALL= LC_CTYPE=POSIX LANG=C.UTF-8", true)]
    [InlineData("LC_ALL= LC_CTYPE= LANG=en_US.utf8", false)]
    public void Boxes_are_those_of_the_locale(string locale, bool isAscii)
    {
        string[][] commands =
        [
            ["show", "hv_x64_memory_intercept_message", "--config", Sets.ConfigurationPath],
            ["show", "HVMSG_GPA_INTERCEPT", "--config", Sets.ConfigurationPath],
            ["doctor", "--config", Sets.ConfigurationPath],
        ];

        string[] shown = OnTerminal(commands, "cols 120", locale);

        Assert.Equal(isAscii, shown.All(text => text.All(char.IsAscii)));
        Assert.Contains(isAscii ? "+-----" : "┌─────", shown[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_left_out_where_they_are_not_welcome()
    {
        string[][] command =
        [
            ["show", "hv_message", "--config", Sets.ConfigurationPath],
            ["show", "gone", "--config", Sets.ConfigurationPath],
        ];

        Assert.All(OnTerminal(command, "cols 80"), text => Assert.Matches(Colours(), text));
        Assert.All(OnTerminal(command, "cols 80", "NO_COLOR=1"), text => Assert.DoesNotMatch(Colours(), text));
        Assert.All(OnTerminal(command, "cols 80", "TERM=dumb"), text => Assert.DoesNotContain('\e', text));
    }

    private static IEnumerable<string[]> Commands(TemporaryFolder folder)
    {
        string[] looks =
        [
            "show hv_x64_memory_intercept_message", "show mshv_vp_registers", "show MSHV_CREATE_PARTITION", "show HVMSG_GPA_INTERCEPT",
            "show HV_X64_REGISTER_*", "show hv_x64_segment_register.base", "show gone", "ioctls", "decode 0xc020b807", "decode 0xc028b807",
            $"decode --message {folder["message"]}", $"decode --message {folder["other"]}", "doctor", "headers status",
        ];
        foreach (string look in looks)
        {
            yield return [.. look.Split(' '), "--config", Sets.ConfigurationPath];
        }

        string[] others =
        [
            $"diff {folder["before"]} {folder["abi"]}", $"history demo_point {folder["before"]} {folder["abi"]}",
            $"lint --config {folder["hvbindgen.json"]}", $"verify --config {folder["hvbindgen.json"]}", "explain", "explain HV1004",
            "explain HV7001", "explain HV9999", "--help", "diff --help", "lint --help", "generate --help", "show --help", "init --help",
        ];
        foreach (string other in others)
        {
            yield return other.Split(' ');
        }
    }

    private static TemporaryFolder Workplace()
    {
        const string Before = """
            struct demo_point_with_a_name_of_some_length { int x; unsigned char y[4]; };
            struct demo_point { struct demo_point_with_a_name_of_some_length inner; long tail; };
            #define DEMO_MOVE 0x40186401

            """;
        TemporaryFolder folder = CommandLine.Workplace(Before);
        Assert.Equal(0, CommandLine.Run(folder, "snapshot").ExitCode);
        Directory.Move(folder["abi"], folder["before"]);
        folder.With("inc/demo.h", folder.Text("inc/demo.h").Replace("int x; ", "int x, inserted_in_between; ", StringComparison.Ordinal));
        Assert.Equal(0, CommandLine.Run(folder, "snapshot").ExitCode);
        File.WriteAllBytes(folder["message"], Messages.MemoryX64());
        byte[] other = new byte[256];
        ((ReadOnlySpan<byte>)[0x34, 0x12, 0, 0x80, 200]).CopyTo(other);
        File.WriteAllBytes(folder["other"], other);
        return folder;
    }

    // bsdutils' script gives a program a terminal; what it prints there is what a person sees.
    private static string[] OnTerminal(string[][] commands, string size, string settings = "")
    {
        Requirement.Program("script", "bsdutils");
        string program = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll")}'";
        string lines = string.Join("; ", commands.Select(command => $"{program} {Quoted(command)}; echo '{End}'"));
        ChildProgram terminal = new("script", "-qc", $"stty {size}; export LC_ALL=C.UTF-8 TERM=xterm {settings}; {lines}", "/dev/null")
        {
            Environment = new Dictionary<string, string?> { ["NO_COLOR"] = null },
        };
        string shown = terminal.Run().Out.Replace("\r\n", "\n", StringComparison.Ordinal);

        // .NET's runtime switches the terminal's keys at its start and at its end.
        return shown.Replace("\e[?1h", "", StringComparison.Ordinal).Replace("\e=", "", StringComparison.Ordinal).Split(End + "\n")[..^1];
    }

    // The line that verify writes anew while it asks is no result.
    private static string Quoted(string[] command) =>
        string.Join(' ', command.Select(word => $"'{word}'")) + (command[0] == "verify" ? " 2>/dev/null" : "");

    private static string[] WordsOf(string text) =>
    [
        .. text.Split([' ', '\n', '│', '├', '└', '─'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Any(char.IsLetter)).Distinct(),
    ];

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colours();

    [GeneratedRegex(@"\((no room for|the map of its bytes).*?columns\)", RegexOptions.Singleline)]
    private static partial Regex NoRoom();

    // Of a map's legend; of a dump with eight bytes in a row.
    [GeneratedRegex(@"^(\[[a-z]+\]|00[0-9a-f]{2})$")]
    private static partial Regex KeyOrOffset();

    [GeneratedRegex(@"needs\s+(\d+) columns\)")]
    private static partial Regex Needed();
}
