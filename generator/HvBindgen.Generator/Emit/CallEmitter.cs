using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits call codes together with the records of their input and output.</summary>
internal sealed class CallEmitter(EmitScope scope, MergedModel merged, CallOptions calls)
{
    /// <summary>Passes when the headers have, for some target, all that the configuration names.</summary>
    /// <exception cref="EmitException">It names all that they do not have.</exception>
    internal static void RequireNames(MergedModel merged, CallOptions calls)
    {
        string set = merged.Models[0].Set;
        HashSet<string> codes =
            [.. merged.Models.SelectMany(model => (IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name)];
        IEnumerable<string> records = calls.Pairs.Values.SelectMany(pair => (IEnumerable<string>)[pair.Input, pair.Output])
            .Where(tag => tag.Length > 0 && merged.Models.All(model => Find(model, tag) is null));
        Refusals.Each(
            calls.Pairs.Keys.Where(code => !codes.Contains(code)).Concat(records),
            (string name) => throw new EmitException($"\"calls\" of {set} names {name}, which its headers do not have"));
    }

    /// <summary>
    /// Whether a constant is a call code that belongs into this scope: the shared one where code and records are portable.
    /// </summary>
    internal bool IsCall(AbiConstant constant) =>
        RecordsOf(constant) is { } records
        && scope.IsShared == (merged.IsPortable(constant) && merged.IsPortable(records.Input)
            && (records.Output is null || merged.IsPortable(records.Output)));

    /// <summary>The records of a call; the output is null for a call that only gives a status.</summary>
    internal (AbiRecord Input, AbiRecord? Output)? RecordsOf(AbiConstant constant)
    {
        if (!constant.Name.StartsWith(calls.CodePrefix, StringComparison.Ordinal) || constant.Value is not IntegerValue code
            || code.Value < 0 || code.Value > ushort.MaxValue)
        {
            return null;
        }

        string rest = constant.Name[calls.CodePrefix.Length..].ToLowerInvariant();
        (string inputTag, string outputTag) = calls.Pairs.TryGetValue(constant.Name, out (string Input, string Output) pair)
            ? pair
            : (calls.InputPrefix + rest, calls.OutputPrefix + rest);
        AbiRecord? input = Find(inputTag);
        return input is null ? null : (input, Find(outputTag));
    }

    // public static CallSignature<input, output> HVCALL_X => new(0x44);
    internal PropertyDeclarationSyntax Emit(AbiConstant constant)
    {
        (AbiRecord input, AbiRecord? output) = RecordsOf(constant)!.Value;
        string inputName = scope.Names.Of(input);
        CSharpType type = output is null
            ? CSharpType.Generic("CallSignature", inputName)
            : CSharpType.Generic("CallSignature", inputName, scope.Names.Of(output));
        ExpressionSyntax code = Literals.Hexadecimal((ushort)((IntegerValue)constant.Value).Value);
        ExpressionSyntax value = ImplicitObjectCreationExpression(Tokens.Plain(SyntaxKind.NewKeyword), Code.Arguments(code), null);
        string outputText = output is null ? "" : $", output {XmlDoc.C(output.CName)}";
        XmlDoc doc = new XmlDoc(
            $"{XmlDoc.C(constant.Name)}: input {XmlDoc.C(input.CName)}{outputText}."
            + scope.Names.NoteOfConstant(constant.Name)).Remarks($"{scope.TargetNames}.");
        return PropertyDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            type.BeforeName,
            null,
            Tokens.Word(scope.Names.OfConstant(constant.Name)),
            null,
            Code.Arrow(value),
            null,
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    private AbiRecord? Find(string tag) => Find(scope.Model, tag);

    private static AbiRecord? Find(AbiModel model, string tag)
    {
        AbiRecord? record = model.Index.FindRecord($"struct {tag}") ?? model.Index.FindRecord($"union {tag}");
        return record is { SizeBytes: > 0 } ? record : null;
    }
}
