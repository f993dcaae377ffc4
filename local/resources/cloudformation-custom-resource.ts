import { customResource } from './custom/custom-resource.ts';

export default customResource('AWS::CloudFormation::CustomResource');
