using System.Globalization;

namespace LinuxGuest;

/// <summary>What the command line asks for.</summary>
/// <param name="Images">Folder with the kernel and busybox.</param>
/// <param name="Script">Lines to type, one at each prompt, instead of standard input; null for none.</param>
/// <param name="TimeLimit">How long the guest may run; null for as long as it likes.</param>
/// <param name="Processors">How many processors the guest has.</param>
/// <param name="SaveTo">File that the machine is saved to when the script is used up; null for none.</param>
/// <param name="RestoreFrom">File with a saved machine, which goes on; null for one that starts.</param>
/// <param name="KernelArguments">What is added to the kernel's command line.</param>
internal sealed record GuestOptions(
    string Images, string[]? Script, TimeSpan? TimeLimit, int Processors, string? SaveTo, string? RestoreFrom, string KernelArguments)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        LinuxGuest FOLDER [--script LINE]... [--timeout SECONDS] [--processors COUNT] [--save FILE] [--restore FILE] [--append ARGUMENTS]
          FOLDER               has vmlinuz and busybox; fetch.sh gets them and prints it
          --script LINE        types a line when the shell asks for one, instead of standard input; the option may be given again
          --timeout SECONDS    ends with exit code 1 if the guest takes longer; 420 with --script, else unlimited
          --processors COUNT   1 to 8; 2 if nothing is said
          --save FILE          saves the machine at the prompt after the script's last line, and ends
          --restore FILE       goes on with a saved machine, whose shell is waiting for a line
          --append ARGUMENTS   adds to the kernel's command line
        """;

    private static readonly TimeSpan ScriptLimit = TimeSpan.FromSeconds(420);

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">Arguments.</param>
    /// <exception cref="ArgumentException">They are not as <see cref="Usage"/> says.</exception>
    public static GuestOptions Parse(string[] arguments)
    {
        List<string> script = [];
        TimeSpan? limit = null;
        int processors = 2;
        string? saveTo = null;
        string? restoreFrom = null;
        string append = "";
        if (arguments is not [{ } folder, ..] || folder.StartsWith("--", StringComparison.Ordinal))
        {
            throw new ArgumentException("The folder with the kernel is missing.");
        }

        for (int i = 1; i < arguments.Length; i += 2)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--script" when value is not null:
                    script.Add(value);
                    break;
                case "--timeout" when double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6:
                    limit = TimeSpan.FromSeconds(seconds);
                    break;
                case "--processors" when int.TryParse(value, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 8:
                    processors = count;
                    break;
                case "--save" when value is not null:
                    saveTo = value;
                    break;
                case "--restore" when value is not null:
                    restoreFrom = value;
                    break;
                case "--append" when value is not null:
                    append = value;
                    break;
                default:
                    throw new ArgumentException($"Cannot make sense of '{arguments[i]}{(value is null ? "" : " " + value)}'.");
            }
        }

        string[]? lines = script.Count > 0 || saveTo is not null ? [.. script] : null;
        return new GuestOptions(folder, lines, limit ?? (lines is null ? null : ScriptLimit), processors, saveTo, restoreFrom, append);
    }
}
