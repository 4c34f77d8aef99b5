using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>Tells which targets agree about something and which do not.</summary>
internal sealed class TargetGroups
{
    // Kernels of the second run programs of the first, so that a driver meets both.
    private static readonly (string Narrow, string Wide)[] SameKernel = [("i686", "x86_64"), ("armv7", "arm64")];

    private readonly List<(string Answer, List<string> Targets)> groups = [];

    internal void Add(TargetInfo target, string answer)
    {
        int index = groups.FindIndex(group => group.Answer == answer);
        if (index < 0)
        {
            groups.Add((answer, [target.Name]));
        }
        else
        {
            groups[index].Targets.Add(target.Name);
        }
    }

    internal bool Differ => groups.Count > 1;

    /// <summary>An error where one kernel meets both forms; else a note, for machines have kernels of their own.</summary>
    internal LintSeverity Severity
    {
        get
        {
            foreach ((string narrow, string wide) in SameKernel)
            {
                int first = groups.FindIndex(group => group.Targets.Contains(narrow));
                int second = groups.FindIndex(group => group.Targets.Contains(wide));
                if (first >= 0 && second >= 0 && first != second)
                {
                    return LintSeverity.Error;
                }
            }

            return LintSeverity.Note;
        }
    }

    internal string Describe() =>
        string.Join("; ", groups.Select(group => $"{group.Answer} on {string.Join(", ", group.Targets)}"));
}
