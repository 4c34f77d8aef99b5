using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Clang;

/// <summary>No usable libclang: the message lists each place that was tried, why it failed, and how to install one.</summary>
public sealed class LibClangNotFoundException : Exception
{
    private const string InstallHint = """
          Debian, Ubuntu: apt-get install libclang1-22 (or the newest libclang1-NN of your release)
          Fedora, RHEL:   dnf install clang-libs
          openSUSE:       zypper install libclang13
          Arch:           pacman -S clang
          Alpine:         apk add clang-libclang
        or name a file or folder with the libclang option or the environment variable HVBINDGEN_LIBCLANG.
        """;

    /// <summary>Creates the exception for a search that ended without a library.</summary>
    /// <param name="summary">What was looked for, in one sentence.</param>
    /// <param name="attempts">Everything that was tried, in order.</param>
    /// <param name="package">The package for this kind of machine; null where there is none.</param>
    internal LibClangNotFoundException(string summary, IReadOnlyList<LibClangAttempt> attempts, LibClangPackage? package)
        : base(Compose(summary, attempts, package)) => Attempts = attempts;

    /// <summary>Everything that was tried, in order.</summary>
    public IReadOnlyList<LibClangAttempt> Attempts { get; }

    private static string Compose(string summary, IReadOnlyList<LibClangAttempt> attempts, LibClangPackage? package)
    {
        StringBuilder text = new(summary);

        // Most names fail for the same reason: one line for each run of equal reasons keeps the list readable.
        for (int start = 0, end; start < attempts.Count; start = end)
        {
            string reason = attempts[start].Reason;
            end = start + 1;

            while (end < attempts.Count && attempts[end].Reason == reason)
            {
                end++;
            }

            text.Append(start == 0 ? "\nTried:\n  " : "\n  ");
            text.AppendJoin(", ", attempts.Skip(start).Take(end - start).Select(attempt => attempt.Library));
            text.Append(": ").Append(reason);
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\nInstall libclang {LoadedLibClang.OldestSupportedMajor} to {LoadedLibClang.NewestTestedMajor}:\n");
        if (package is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  NuGet package:  {package.Command}\n");
        }

        return text.Append(InstallHint).ToString();
    }
}

/// <summary>One library that was tried, and why it was not taken.</summary>
/// <param name="Library">Path or shared-object name.</param>
/// <param name="Reason">Why it was not taken.</param>
public readonly record struct LibClangAttempt(string Library, string Reason);
