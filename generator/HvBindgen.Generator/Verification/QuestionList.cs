using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>All facts of a model, as questions to a compiler.</summary>
internal sealed class QuestionList
{
    /// <summary>Questions about macros; they come first, while every macro of the headers is still defined.</summary>
    internal List<Question> OfMacros { get; } = [];

    /// <summary>Questions about types and their members.</summary>
    internal List<Question> OfTypes { get; } = [];

    /// <summary>
    /// Identifiers in the questions about types. A header may define a macro of the same name behind the declaration
    /// (<c>#define si_pid _sifields._kill._pid</c>), which would be expanded in the question.
    /// </summary>
    internal SortedSet<string> Identifiers { get; } = new(StringComparer.Ordinal);

    internal List<NotAskedFact> NotAsked { get; } = [];

    /// <summary>Questions about macros that the model has no value for: the right answer is a refusal.</summary>
    internal List<Question> OfMissing { get; } = [];

    /// <summary>C that has to stand between the headers and the questions.</summary>
    internal string Preamble { get; private init; } = "";

    internal static QuestionList Of(AbiModel model, IReadOnlySet<string> undefined)
    {
        // A request may be measured by a size_t that the headers leave to their users to include.
        bool needsSizeType = model.Index.FindTypedef("size_t") is { Location.Header: "stddef.h" };
        QuestionList list = new() { Preamble = needsSizeType ? "typedef __SIZE_TYPE__ size_t;\n" : "" };
        MacroQuestions.Add(model, undefined, list);
        EnumQuestions.Add(model, list);
        RecordQuestions records = new(model, list);
        foreach (AbiRecord record in model.Records)
        {
            records.Add(record);
        }

        TypedefQuestions typedefs = new(model, list, records);
        foreach (AbiTypedef typedef in model.Typedefs)
        {
            typedefs.Add(typedef);
        }

        return list;
    }
}
