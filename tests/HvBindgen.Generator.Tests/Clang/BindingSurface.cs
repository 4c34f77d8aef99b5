using System.Reflection;
using System.Text;

namespace HvBindgen.Generator.Tests.Clang;

/// <summary>Writes down what C# code can see of a set of types: one line for each method, field and enumerator.</summary>
internal static class BindingSurface
{
    internal static string Describe(IEnumerable<Type> types)
    {
        StringBuilder text = new();
        foreach (Type type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.IsEnum ? $"enum {type.Name} : {Name(Enum.GetUnderlyingType(type))}\n" : $"{KindOf(type)} {Name(type)}\n");
            foreach (string line in type.IsEnum ? Enumerators(type) : Fields(type).Concat(Methods(type)))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string KindOf(Type type) => type.IsValueType ? "struct" : "static class";

    private static IEnumerable<string> Enumerators(Type type) =>
        Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");

    private static IEnumerable<string> Fields(Type type) =>
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance)
        select field.GetCustomAttribute<System.Runtime.CompilerServices.FixedBufferAttribute>() is { } buffer
            ? $"fixed {Name(buffer.ElementType)} {field.Name}[{buffer.Length}]"
            : $"{Name(field.FieldType)} {field.Name}";

    private static IEnumerable<string> Methods(Type type) =>
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !method.IsSpecialName || method.Name.StartsWith("add_", StringComparison.Ordinal)
        orderby method.Name
        select method.IsSpecialName
            ? $"event {Name(method.GetParameters()[0].ParameterType)} {method.Name["add_".Length..]}"
            : $"{Name(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(Parameter))})";

    // The modified type knows the calling convention of a function pointer.
    private static string Parameter(ParameterInfo parameter) => $"{Name(parameter.GetModifiedParameterType())} {parameter.Name}";

    private static string Name(Type type)
    {
        if (type.IsPointer)
        {
            return Name(type.GetElementType()!) + "*";
        }

        if (type.IsFunctionPointer)
        {
            string convention = string.Join(", ", type.GetFunctionPointerCallingConventions().Select(one => one.Name["CallConv".Length..]));
            IEnumerable<string> types = type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).Select(Name);
            return $"delegate* {(type.IsUnmanagedFunctionPointer ? "unmanaged" : "managed")}[{convention}]<{string.Join(", ", types)}>";
        }

        // A modified type answers nothing about itself.
        type = type.UnderlyingSystemType;
        return type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
    }
}
