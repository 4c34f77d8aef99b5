using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>Asks for size and alignment of records, and for place, size and type of every member that C can name.</summary>
/// <remarks>A record without a name is reached by the path of the member that has it: <c>__typeof__(((struct a *)0)->b[0])</c>.</remarks>
internal sealed class RecordQuestions(AbiModel model, QuestionList list)
{
    private const string Anonymous = "an anonymous member has no name to ask by; each of its members is asked for";

    private readonly TypeShape shape = new(model);

    internal void Add(AbiRecord record)
    {
        list.Identifiers.Add(record.Name);
        AddRecord(record, record.CName, record.CName, $"((({record.CName} *)0)->");
    }

    /// <summary>Asks for the type of an expression, and for the records in it that only this expression leads to.</summary>
    internal void AddType(string label, string expression, AbiType type)
    {
        // The model drops qualifiers, and C compares those behind a pointer: so pointers are followed as far as they go. Those of a
        // function's parameters it keeps for the compiler alone.
        while (type is AbiPointer || (type is AbiArray && (TypeShape.HasPointer(type) || !TypeShape.IsNameable(type))))
        {
            (expression, type) = type switch
            {
                AbiPointer pointer => ($"*({expression})", pointer.Target),
                AbiArray array => ($"({expression})[0]", array.Element),
                _ => (expression, type),
            };
        }

        if (type is AbiInlineRecord inline)
        {
            AddRecord(inline.Definition, label, $"__typeof__({expression})", $"(({expression}).");
        }
        else if (!TypeShape.IsNameable(type))
        {
            list.NotAsked.Add(new NotAskedFact($"{label}: type", TypeShape.NoName));
        }
        else
        {
            TypeShape.CollectNames(type, list.Identifiers);
            list.OfTypes.Add(new SameTypeQuestion($"{label}: type", expression, type, shape.IsOfScalars(type)));
        }
    }

    private void AddRecord(AbiRecord record, string label, string cType, string access)
    {
        list.OfTypes.Add(new NumberQuestion($"{label}: size in bytes", $"sizeof({cType})", record.SizeBytes));
        list.OfTypes.Add(new NumberQuestion(
            $"{label}: alignment in bytes", TypeShape.AlignmentOf(cType, shape.HoldsOpaque(record)), record.AlignBytes));
        foreach ((AbiField field, long offsetBits, _, _) in record.Members())
        {
            if (field.AnonymousRecord is { } inner)
            {
                string what = $"{label}: anonymous {inner.Kind.ToC()} at bit {offsetBits}";
                list.NotAsked.Add(new NotAskedFact($"{what}: offset", Anonymous));
                list.NotAsked.Add(new NotAskedFact($"{what}: size", Anonymous));
                list.NotAsked.Add(new NotAskedFact($"{what}: alignment", Anonymous));
                continue;
            }

            list.Identifiers.Add(field.Name);
            string fieldLabel = $"{label}.{field.Name}";
            string expression = $"{access}{field.Name})";
            if (field.IsBitField)
            {
                AddBitField(field, fieldLabel, cType, expression, offsetBits);
            }
            else
            {
                list.OfTypes.Add(new NumberQuestion(
                    $"{fieldLabel}: offset in bits", $"__builtin_offsetof({cType}, {field.Name}) * 8ULL", offsetBits));
                AddSize(field, fieldLabel, expression);
                AddType(fieldLabel, expression, field.Type);
            }
        }
    }

    private void AddBitField(AbiField field, string label, string cType, string expression, long offsetBits)
    {
        list.OfTypes.Add(new BitsQuestion($"{label}: place", cType, field.Name, offsetBits, field.WidthBits));
        if (shape.IsBool(field.Type))
        {
            list.NotAsked.Add(new NotAskedFact($"{label}: sign", "gcc has no answer for _Bool, which is never negative"));
        }
        else
        {
            list.OfTypes.Add(new BitFieldSignQuestion(
                $"{label}: sign", expression, shape.IsSigned(field.Type), shape.IsWholeEnum(field.Type, field.WidthBits)));
        }
    }

    private void AddSize(AbiField field, string label, string expression)
    {
        if (field.Type is AbiArray { Count: null } flexible)
        {
            // sizeof refuses an array without an end; one element of it has a size.
            if (model.Index.SizeBytesOf(flexible.Element) is { } elementBytes)
            {
                list.OfTypes.Add(new NumberQuestion($"{label}[]: size of an element in bytes", $"sizeof({expression}[0])", elementBytes));
            }
            else
            {
                list.NotAsked.Add(new NotAskedFact($"{label}[]: size of an element", "the model has no complete type for it"));
            }
        }
        else
        {
            list.OfTypes.Add(new NumberQuestion($"{label}: size in bits", $"sizeof({expression}) * 8ULL", field.WidthBits));
        }
    }
}
