using System.Globalization;

namespace LinuxGuest;

/// <summary>What the command line asks for.</summary>
/// <param name="Images">Folder with the kernel and busybox, or a kernel that needs no other file; null where firmware is started.</param>
/// <param name="Firmware">BIOS that is started instead of a kernel; null for none.</param>
/// <param name="RamMiB">Size of the guest's memory, in MiB.</param>
/// <param name="Script">Lines to type, one at each prompt, instead of standard input; null for none.</param>
/// <param name="TimeLimit">How long the guest may run; null for as long as it likes.</param>
/// <param name="Processors">How many processors the guest has.</param>
/// <param name="SaveTo">File that the machine is saved to when the script is used up; null for none.</param>
/// <param name="RestoreFrom">File with a saved machine, which goes on; null for one that starts.</param>
/// <param name="Seed">Seed of a start that can be repeated; null for one that the host's clock has a part in.</param>
/// <param name="KernelArguments">What is added to the kernel's command line.</param>
internal sealed record GuestOptions(
    string? Images,
    string? Firmware,
    int RamMiB,
    string[]? Script,
    TimeSpan? TimeLimit,
    int Processors,
    string? SaveTo,
    string? RestoreFrom,
    ulong? Seed,
    string KernelArguments)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        LinuxGuest FOLDER [--script LINE]... [--timeout SECONDS] [--processors COUNT] [--memory MIB] [--append ARGUMENTS]
                   [--save FILE] [--restore FILE] [--seed NUMBER]
        LinuxGuest KERNEL|--firmware FILE [--timeout SECONDS] [--processors COUNT] [--memory MIB] [--append ARGUMENTS]
          FOLDER               has vmlinuz and busybox; fetch.sh gets them and prints it
          KERNEL               a file that starts as Linux does, and needs no other: memtest86+
          --firmware FILE      starts a BIOS where a processor begins: SeaBIOS
          --script LINE        types a line when the shell asks for one, instead of standard input; the option may be given again
          --timeout SECONDS    ends with exit code 1 if the guest takes longer; 420 with --script, else unlimited
          --processors COUNT   1 to 8; 2 if nothing is said
          --memory MIB         16 to 3072; 256 if nothing is said
          --save FILE          saves the machine at the prompt after the script's last line, and ends
          --restore FILE       goes on with a saved machine, whose shell is waiting for a line
          --seed NUMBER        on one processor, in software, whose instructions are the clock: with the same script the guest does the same
          --append ARGUMENTS   adds to the kernel's command line
        """;

    private const int SmallestRamMiB = 16;
    private const int LargestRamMiB = 3072; // below the devices

    private static readonly TimeSpan ScriptLimit = TimeSpan.FromSeconds(420);

    /// <summary>Whether a kernel is started that runs a shell.</summary>
    public bool HasShell => Directory.Exists(Images);

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">Arguments.</param>
    /// <exception cref="ArgumentException">They are not as <see cref="Usage"/> says.</exception>
    public static GuestOptions Parse(string[] arguments)
    {
        List<string> script = [];
        TimeSpan? limit = null;
        int? processors = null;
        string? saveTo = null;
        string? restoreFrom = null;
        ulong? seed = null;
        string append = "";
        string? firmware = null;
        int ramMiB = 256;
        string? images = arguments is [{ } first, ..] && !first.StartsWith("--", StringComparison.Ordinal) ? first : null;
        for (int i = images is null ? 0 : 1; i < arguments.Length; i += 2)
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
                case "--memory" when int.TryParse(value, CultureInfo.InvariantCulture, out int size)
                    && size is >= SmallestRamMiB and <= LargestRamMiB:
                    ramMiB = size;
                    break;
                case "--firmware" when value is not null:
                    firmware = value;
                    break;
                case "--save" when value is not null:
                    saveTo = value;
                    break;
                case "--restore" when value is not null:
                    restoreFrom = value;
                    break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong number):
                    seed = number;
                    break;
                case "--append" when value is not null:
                    append = value;
                    break;
                default:
                    throw new ArgumentException($"Cannot make sense of '{arguments[i]}{(value is null ? "" : " " + value)}'.");
            }
        }

        if (images is null == firmware is null)
        {
            throw new ArgumentException("Name the folder with the kernel, a kernel, or firmware: one of them.");
        }

        if (seed is not null && processors > 1)
        {
            throw new ArgumentException("What several processors do cannot be repeated: --seed has one.");
        }

        string[]? lines = script.Count > 0 || saveTo is not null ? [.. script] : null;
        limit ??= lines is null ? null : ScriptLimit;
        processors ??= seed is null ? 2 : 1;
        GuestOptions options = new(images, firmware, ramMiB, lines, limit, processors.Value, saveTo, restoreFrom, seed, append);
        bool isFolder = images is not null && !File.Exists(images); // one that is missing is named later
        return isFolder || (lines is null && restoreFrom is null && seed is null)
            ? options
            : throw new ArgumentException("--script, --save, --restore and --seed are for a folder whose kernel runs a shell.");
    }
}
