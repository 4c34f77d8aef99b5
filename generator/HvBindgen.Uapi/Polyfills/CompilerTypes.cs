// What the compiler asks for by these names, and .NET Standard 2.0 lacks. Written here, because a generator of them made the assembly
// another one with each build.

namespace System
{
    /// <summary>A place in a sequence, counted from its start or its end.</summary>
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        internal static Index Start => new(0);

        internal static Index End => new(0, fromEnd: true);

        public static implicit operator Index(int value) => new(value);

        internal int GetOffset(int length) => fromEnd ? length - value : value;
    }

    /// <summary>A part of a sequence.</summary>
    internal readonly struct Range(Index start, Index end)
    {
        internal static Range StartAt(Index start) => new(start, Index.End);

        internal static Range EndAt(Index end) => new(Index.Start, end);

        internal static Range All => new(Index.Start, Index.End);

        internal Index Start => start;

        internal Index End => end;
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>Marks accessors that only an initializer may call.</summary>
    internal static class IsExternalInit;

    /// <summary>Marks members that must be set.</summary>
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class RequiredMemberAttribute : Attribute;

    /// <summary>Names what a compiler must know to use a member.</summary>
    [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
    internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
    {
        internal string FeatureName => featureName;
    }

    /// <summary>Names the method that makes a collection of the elements between brackets.</summary>
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class CollectionBuilderAttribute(Type builderType, string methodName) : Attribute
    {
        internal Type BuilderType => builderType;

        internal string MethodName => methodName;
    }
}

namespace System.Diagnostics.CodeAnalysis
{
    /// <summary>Marks constructors that set all that must be set.</summary>
    [AttributeUsage(AttributeTargets.Constructor)]
    internal sealed class SetsRequiredMembersAttribute : Attribute;
}
