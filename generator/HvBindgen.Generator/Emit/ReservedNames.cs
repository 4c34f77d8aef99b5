using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Names that generated code uses by itself, so that nothing of the headers can have them.</summary>
internal sealed class ReservedNames
{
    internal const string NoIdentifier = "C# has no such letter in a name";

    /// <summary>The field in which C# keeps the value of an enum.</summary>
    internal const string EnumValue = "value__";

    private const string Used = "generated code uses that name";

    // Types that generated code and its templates name, as they are written there. A test tries each word of them as a name.
    private static readonly string[] UsedTypes =
    [
        "System", "_", "nint", "nuint", "unmanaged",
        "ArgumentOutOfRangeException", "DisableRuntimeMarshallingAttribute", "DoesNotReturnAttribute", "FieldOffsetAttribute",
        "IDisposable", "InlineArrayAttribute", "Int128", "LayoutKind", "LibraryImportAttribute", "Marshal", "MemoryMarshal",
        "MethodImplAttribute", "MethodImplOptions", "NativeMemory", "StructLayoutAttribute", "UInt128", "Unsafe",
        "BigEndianBits", "BitField", "LayoutCheck", LayoutTableEmitter.TableClass, "WideBits",
        "AlignedMemory", "Fd", "IIoctlDescriptor", "IOverAligned", "IoctlResult",
        "ArgumentMember", "LongerArgument", "MemoryUse", "PointedMemory", "TrailingElements",
    ];

    // What stands before a dot in the expressions and attributes of records.
    private static readonly string[] UsedInRecords = ["System", "BitField", "BigEndianBits", "WideBits", "LayoutKind", "MemoryMarshal"];

    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);

    /// <summary>Collects them for a set.</summary>
    /// <exception cref="EmitException">The configuration gives one name to two classes.</exception>
    internal ReservedNames(MergedModel merged, EmitOptions options)
    {
        foreach (string name in UsedTypes)
        {
            types[name] = Used;
        }

        foreach (AbiModel model in merged.Models)
        {
            foreach (AbiRecord record in model.Records)
            {
                if (record.SizeBytes > ArrayTypes.MaximumBytes && OpaqueMembers.IsWithoutMembers(record))
                {
                    types[options.BlockName(record.SizeBytes)] = Used;
                }
            }

            foreach (AbiField field in model.Records.SelectMany(record => record.HoistedFields()))
            {
                if (field.Type is AbiArray array && model.Index.SizeBytesOf(array) is > ArrayTypes.MaximumBytes and { } bytes)
                {
                    types[options.BlockName(bytes)] = Used;
                }
            }
        }

        foreach (string? space in (IEnumerable<string?>)[options.Namespace, options.SupportNamespace, options.SharedNamespace])
        {
            if (space is not null)
            {
                types.TryAdd(space.Split('.')[0], "it is a namespace");
            }
        }

        foreach (AbiModel model in merged.Models.Count > 1 ? merged.Models : [])
        {
            types.TryAdd(model.Target.CSharpName, "it is the namespace of a target");
        }

        HashSet<string> classes = new(StringComparer.Ordinal);
        foreach ((string? name, string what) in ClassesOf(merged, options))
        {
            if (name is not null && !classes.Add(name))
            {
                throw EmitException.NameConflict($"two classes of {options.Namespace} would be called \"{name}\": one is {what}");
            }

            if (name is not null)
            {
                types[name] = $"it is {what}";
                constants[name] = types[name];
            }
        }

        foreach (string name in NamePolicy.OfEveryType)
        {
            constants.TryAdd(name, "every C# class has a method of that name");
        }

        constants.TryAdd("System", Used);
        foreach (AbiIoctl ioctl in merged.Models.SelectMany(model => model.Ioctls))
        {
            if (IoctlEmitter.Parameters.Contains(ioctl.Name))
            {
                constants.TryAdd(ioctl.Name, "methods of requests have a parameter of that name");
            }
        }
    }

    /// <summary>Names that no type of the headers can have, each with the reason.</summary>
    internal IReadOnlyDictionary<string, string> Types => types;

    /// <summary>Names that no constant and no request can have.</summary>
    internal IReadOnlyDictionary<string, string> Constants => constants;

    /// <summary>Names that no member of any record can have.</summary>
    internal static IReadOnlyDictionary<string, string> InEveryRecord { get; } = NamesInRecords();

    private static Dictionary<string, string> NamesInRecords()
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string name in NamePolicy.OfEveryType)
        {
            names.Add(name, "every C# type has a method of that name");
        }

        foreach (string name in UsedInRecords)
        {
            names.Add(name, Used);
        }

        return names;
    }

    private static IEnumerable<(string? Name, string What)> ClassesOf(MergedModel merged, EmitOptions options)
    {
        yield return (options.ConstantsClass, "the class of constants");
        yield return (options.LayoutClass, "the class that checks the layout");
        foreach (string kind in merged.Models.SelectMany(model => model.Ioctls).SelectMany(ioctl => ioctl.Descriptors).Distinct())
        {
            yield return (options.IoctlClass(kind), $"the class of requests on a {kind} descriptor");
        }

        yield return (options.Calls?.Class, "the class of calls");
        yield return (options.Messages?.Class, "the class of messages");
        yield return (options.Requests?.Class, "the class of the table of requests");
        yield return (options.Requests is null ? null : options.KindsName, "the enum of the kinds of descriptor");
    }
}
