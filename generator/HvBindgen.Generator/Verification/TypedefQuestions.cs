using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>Asks whether typedefs stand for the types that the model says, with their sizes.</summary>
internal sealed class TypedefQuestions(AbiModel model, QuestionList list, RecordQuestions records)
{
    private readonly TypeShape shape = new(model);

    internal void Add(AbiTypedef typedef)
    {
        list.Identifiers.Add(typedef.Name);
        records.AddType(typedef.Name, $"*({typedef.Name} *)0", typedef.Type);
        if (model.Index.SizeBytesOf(typedef.Type) is { } size)
        {
            list.OfTypes.Add(new NumberQuestion($"{typedef.Name}: size in bytes", $"sizeof({typedef.Name})", size));
        }
        else
        {
            list.NotAsked.Add(
                new NotAskedFact(
                    $"{typedef.Name}: size", "it stands for a function, for void, or for a type that the headers leave incomplete"));
        }

        if (typedef.AlignBytes > 0)
        {
            // An array of no known length has an alignment where it ends a record, and gcc tells it nowhere else.
            bool isOpenEnded = model.Index.Resolve(typedef.Type) is AbiArray { Count: null };
            string asked = TypeShape.AlignmentOf(typedef.Name, isOpenEnded || shape.HoldsOpaque(typedef.Type));
            list.OfTypes.Add(new NumberQuestion($"{typedef.Name}: alignment in bytes", asked, typedef.AlignBytes));
        }
    }
}
