using System.Text;
using HvBindgen.Generator.Diff.Reports;

namespace HvBindgen.Generator.Diff;

/// <summary>The step that semantic versioning asks of the generated package.</summary>
public enum VersionStep
{
    /// <summary>Nothing that users could notice.</summary>
    Patch,

    /// <summary>Something new.</summary>
    Minor,

    /// <summary>Something that users must act on.</summary>
    Major,
}

/// <summary>What to call the next version of the generated package, and what its changelog should say.</summary>
/// <param name="Step">The step.</param>
/// <param name="Next">The next version.</param>
/// <param name="ChangelogEntry">Markdown for the changelog, without a date.</param>
public sealed record VersionSuggestion(VersionStep Step, Version Next, string ChangelogEntry)
{
    /// <summary>Finds the step and writes the entry.</summary>
    /// <param name="diffs">Results, one for each set in the package; suppressed changes count too, for users meet them all the
    /// same.</param>
    /// <param name="current">The current version: major, minor, patch.</param>
    /// <returns>The suggestion. Before 1.0 a major step raises the minor number, as semantic versioning allows.</returns>
    public static VersionSuggestion For(IReadOnlyList<AbiDiff> diffs, Version current)
    {
        VersionStep step = VersionStep.Patch;
        foreach ((_, AbiChange change) in Met(diffs))
        {
            VersionStep own = change.Verdict >= Verdict.SourceBreak || change.CSharp != CSharpEffects.None ? VersionStep.Major
                : change.Verdict >= Verdict.Additive ? VersionStep.Minor
                : VersionStep.Patch;
            step = own > step ? own : step;
        }

        Version next = step switch
        {
            VersionStep.Major when current.Major > 0 => new Version(current.Major + 1, 0, 0),
            VersionStep.Major or VersionStep.Minor => new Version(current.Major, current.Minor + 1, 0),
            _ => new Version(current.Major, current.Minor, Math.Max(current.Build, 0) + 1),
        };
        return new VersionSuggestion(step, next, WriteEntry(diffs, next));
    }

    private static string WriteEntry(IReadOnlyList<AbiDiff> diffs, Version next)
    {
        StringBuilder text = new();
        text.Append($"## {next}\n");
        int title = text.Length;
        Section(text, diffs, "Breaking", static verdict => verdict >= Verdict.SourceBreak);
        Section(text, diffs, "Changed", static verdict => verdict == Verdict.Conditional);
        Section(text, diffs, "Added", static verdict => verdict == Verdict.Additive);
        if (text.Length == title)
        {
            text.Append("\nNo change of the ABI.\n");
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, IReadOnlyList<AbiDiff> diffs, string title, Func<Verdict, bool> belongs)
    {
        bool isOpen = false;
        foreach ((AbiDiff diff, AbiChange change) in Met(diffs))
        {
            if (!belongs(change.Verdict))
            {
                continue;
            }

            text.Append(isOpen ? "" : $"\n### {title}\n\n");
            isOpen = true;
            string transition = ReportText.Transition(change);
            string only = ReportText.OnlyOn(diff, change);
            text.Append(
                $"- {MarkdownText.Code(change.Symbol)}: {change.Rule.Title}{(only.Length > 0 ? $", {only}" : "")}"
                    + $"{(transition.Length > 0 ? $" ({MarkdownText.Code(transition)})" : "")}\n");
        }
    }

    private static List<(AbiDiff Diff, AbiChange Change)> Met(IReadOnlyList<AbiDiff> diffs)
    {
        List<(AbiDiff, AbiChange)> met = [];
        foreach (AbiDiff diff in diffs)
        {
            foreach (AbiChange change in (IEnumerable<AbiChange>)[.. diff.Changes, .. diff.Suppressed])
            {
                met.Add((diff, change));
            }
        }

        return met;
    }
}
