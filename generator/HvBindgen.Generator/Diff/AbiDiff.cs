using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>Everything that differs between two generations of a header set, on all targets.</summary>
/// <param name="Set">Name of the header set.</param>
/// <param name="Targets">Names of the targets that were compared.</param>
/// <param name="Changes">Causes, the gravest first; what follows from them hangs below them.</param>
/// <param name="Layouts">Records whose layout differs, for field maps.</param>
/// <param name="Suppressed">Changes that a suppression took out.</param>
public sealed record AbiDiff(
    string Set,
    EquatableArray<string> Targets,
    EquatableArray<AbiChange> Changes,
    EquatableArray<LayoutChange> Layouts,
    EquatableArray<AbiChange> Suppressed)
{
    /// <summary>Whether both sides have the set at all: a header may be new or gone as a whole.</summary>
    public SetPresence Presence { get; init; }

    /// <summary>The worst verdict of all.</summary>
    public Verdict Verdict
    {
        get
        {
            Verdict verdict = Verdict.None;
            foreach (AbiChange change in Changes)
            {
                verdict = VerdictText.Worst(verdict, change.Verdict);
            }

            return verdict;
        }
    }

    /// <summary>The worst verdict on one target.</summary>
    /// <param name="target">Name of a target.</param>
    /// <returns>None when nothing differs there.</returns>
    public Verdict VerdictOn(string target)
    {
        Verdict verdict = Verdict.None;
        foreach (AbiChange change in Changes)
        {
            verdict = VerdictText.Worst(verdict, change.VerdictOn(target));
        }

        return verdict;
    }

    /// <summary>Whether a change is seen by some of the targets only, which then deserves saying.</summary>
    /// <param name="change">A change of this diff.</param>
    /// <returns>True when at least one target does not see it.</returns>
    public bool IsPartial(AbiChange change) => change.Targets.Count < Targets.Count;

    /// <summary>The exit code of the command line for this result.</summary>
    /// <param name="failOn">Lowest verdict below a break that counts as failure.</param>
    /// <returns>0 compatible; 1 conditional or source break at or above the limit; 4 break. (2, could not evaluate, has no
    /// result.)</returns>
    public int ExitCode(Verdict failOn) =>
        Verdict == Verdict.Break ? 4 : Verdict >= Verdict.Conditional && Verdict >= failOn ? 1 : 0;
}

/// <summary>Which sides have a set.</summary>
public enum SetPresence
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>Only the new one: all that it declares is added.</summary>
    New,

    /// <summary>Only the old one: all that it declared is gone.</summary>
    Gone,
}

/// <summary>What stood on one side of a comparison.</summary>
/// <param name="Name">As the user named it.</param>
/// <param name="Origin">Kernel version and revision, as far as they are known; empty where nothing is.</param>
public sealed record ComparedSide(string Name, string Origin)
{
    /// <summary>What read it: the version of the compiler's library, or that it was read from snapshots; empty where nobody said.</summary>
    public string Reader { get; init; } = "";

    /// <summary>Both in one phrase.</summary>
    /// <returns>For example <c>git:v7.3:usr/include (Linux 7.3.0, 1a2b3c4)</c>.</returns>
    public override string ToString() => Origin.Length == 0 ? Name : $"{Name} ({Origin})";
}

/// <summary>Something that was to be compared and could not: never "no change".</summary>
/// <param name="Set">Name of the set or header.</param>
/// <param name="Reason">Which side could not be read, and why, in one line.</param>
public sealed record Unjudged(string Set, string Reason)
{
    /// <summary>The targets on which it could not be; empty where that is all of them.</summary>
    public EquatableArray<string> Targets { get; init; }

    /// <summary>The reason without side and place: what many headers may share.</summary>
    public string Cause { get; init; } = Reason;
}

/// <summary>A record whose layout differs.</summary>
/// <param name="Name">C spelling of the record.</param>
/// <param name="Targets">Targets that have it in this form.</param>
/// <param name="Before">How it was.</param>
/// <param name="After">How it is.</param>
public sealed record LayoutChange(string Name, EquatableArray<string> Targets, AbiRecord Before, AbiRecord After);
