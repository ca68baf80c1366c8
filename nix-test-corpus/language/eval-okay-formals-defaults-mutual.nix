# A default may refer to an argument that stands after it.
({ first ? second, second ? "end" }: [ first second ]) { }
