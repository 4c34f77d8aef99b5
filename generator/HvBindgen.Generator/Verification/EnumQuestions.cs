using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>Asks for the integer type of enums and for the values of their enumerators.</summary>
internal static class EnumQuestions
{
    internal static void Add(AbiModel model, QuestionList list)
    {
        foreach (AbiEnum @enum in model.Enums)
        {
            string name = @enum.CName;
            if (@enum.Name.Length > 0)
            {
                list.Identifiers.Add(@enum.Name);
                list.OfTypes.Add(new NumberQuestion($"{name}: size in bytes", $"sizeof({name})", @enum.Underlying.SizeBytes(model.Target)));
                list.OfTypes.Add(new TypeQuestion($"{name}: underlying type", $"({name})0", @enum.Underlying));
            }
            else
            {
                list.NotAsked.Add(new NotAskedFact($"{name}: underlying type", "the enum has no name; each value of it is asked for"));
            }

            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                list.Identifiers.Add(enumerator.Name);
                list.OfTypes.Add(new IntegerQuestion($"{enumerator.Name}: value", enumerator.Name, enumerator.Value));
            }
        }
    }
}
