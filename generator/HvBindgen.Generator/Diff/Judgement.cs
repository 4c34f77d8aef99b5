namespace HvBindgen.Generator.Diff;

/// <summary>The verdict on one change, from every side that has a stake in it.</summary>
/// <param name="Level">The verdict that counts.</param>
/// <param name="OldProgram">What becomes of a program built with the old headers on a kernel that has the new ones.</param>
/// <param name="NewProgram">What becomes of a program built with the new headers on a kernel that has the old ones.</param>
/// <param name="CSharp">What becomes of code that uses the generated C#.</param>
/// <param name="Condition">What must hold, and headers cannot show; empty when nothing is left open.</param>
public sealed record Judgement(Verdict Level, Verdict OldProgram, Verdict NewProgram, CSharpEffects CSharp, string Condition = "")
{
    /// <summary>No program notices; C# code may still be touched.</summary>
    internal static Judgement Harmless(CSharpEffects cSharp = CSharpEffects.None) =>
        new(Verdict.None, Verdict.None, Verdict.None, cSharp);

    /// <summary>Old programs never see it; new ones must ask whether the kernel has it.</summary>
    internal static Judgement Addition(string condition = "") =>
        new(Verdict.Additive, Verdict.None, Verdict.Additive, CSharpEffects.None, condition);

    internal static Judgement If(string condition, CSharpEffects cSharp = CSharpEffects.None) =>
        new(Verdict.Conditional, Verdict.Conditional, Verdict.Conditional, cSharp, condition);

    /// <summary>Compiled programs go on; sources must be touched.</summary>
    internal static Judgement Source(string condition = "") =>
        new(Verdict.SourceBreak, Verdict.None, Verdict.None, CSharpEffects.Both, condition);

    internal static Judgement Broken(CSharpEffects cSharp = CSharpEffects.Both) =>
        new(Verdict.Break, Verdict.Break, Verdict.Break, cSharp);
}
