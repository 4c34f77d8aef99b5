using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>The macros in force, sorted into constants, ioctl requests and those without a value.</summary>
internal sealed class MacroOutcome
{
    internal List<AbiConstant> Constants { get; } = [];

    internal List<AbiIoctl> Ioctls { get; } = [];

    internal List<AbiMacro> Macros { get; } = [];

    internal List<OmittedDeclaration> Omitted { get; } = [];

    internal static MacroOutcome Sort(
        Dictionary<string, (SourceLocation Location, bool IsFunctionLike)> defined, MacroCandidates candidates, MacroReader macros, ParseRequest request)
    {
        MacroOutcome outcome = new();
        foreach ((string name, (SourceLocation location, _)) in defined)
        {
            MacroDefinition? definition = candidates.At(location.Header, location.Line);
            bool isTakenBack = candidates.Undefined.Contains(name) && candidates.Constants.Contains(name) && !macros.WasProbed(name);
            if (isTakenBack || Glob.MatchesAny(request.Block, name))
            {
                continue;
            }

            if (macros.IoctlOf(name, location) is { } ioctl)
            {
                outcome.Ioctls.Add(ioctl);
            }
            else if (macros.ConstantOf(name, location) is { } constant)
            {
                outcome.Constants.Add(constant);
            }
            else
            {
                outcome.Macros.Add(new AbiMacro(name, definition?.Parameters ?? "", definition?.Digest() ?? "", location));
                outcome.Omitted.Add(new OmittedDeclaration(name, "macro", location, ReasonFor(definition)));
            }
        }

        return outcome;
    }

    private static string ReasonFor(MacroDefinition? definition) => definition switch
    {
        null => "its text was not found",
        { IsFunctionLike: true } => "a function-like macro has no value of its own",
        { Body.Length: 0 } => "it is empty",
        _ => "it is no constant expression",
    };
}
